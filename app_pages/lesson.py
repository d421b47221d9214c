"""A guided walk over the page: ``?lesson=temperature``."""

from __future__ import annotations

import streamlit as st

from app_pages import guard
from textgen.lessons import LESSONS, Step

_SEEN = "lesson_seen"
_AT = "lesson_at"


def chosen() -> tuple[Step, ...] | None:
    """The lesson that the address asks for, if there is one of that name."""
    return LESSONS.get(st.session_state.lesson)


def note(name: str, value: object) -> None:
    """Remember that something happened; the steps look at it."""
    seen = st.session_state.setdefault(_SEEN, {})
    values = seen.setdefault(name, [])
    if not values or values[-1] != value:
        values.append(value)


@guard.callback
def _show_me(step: Step) -> None:
    for key, value in step.set.items():
        st.session_state[key] = value
        note(f"{key} in {step.view}", value)
    st.session_state.view = step.view
    if "prompt" in step.set:
        note("appended", True)


@guard.callback
def _go(by: int) -> None:
    st.session_state[_AT] = st.session_state.get(_AT, 0) + by


def reserve():
    """A place for the step at hand, above all else; None without a lesson."""
    if chosen() is None:
        return None
    return st.container(border=True, key="lesson_step")


def draw(place, view: str) -> None:
    """Draw the step at hand; last in the run, when all that happened is noted.

    Args:
        place: from :func:`reserve`.
        view: where the learner is.
    """
    if place is None:
        return
    steps = chosen()
    seen = st.session_state.get(_SEEN, {})
    at = max(0, min(st.session_state.get(_AT, 0), len(steps) - 1))
    step = steps[at]
    ticks = [one.done(seen) for one in steps]
    marks = "".join("●" if done else "○" for done in ticks)
    with place.container(
        horizontal=True, vertical_alignment="center", horizontal_alignment="left"
    ):
        done = ":green[:material/check_circle:] " if ticks[at] else ""
        where = "" if view == step.view else f" *(in “{step.view}”)*"
        title = f"{done}**Step {at + 1} of {len(steps)}: {step.title}**{where}"
        st.markdown(f"{title}  \n{step.text}", width="stretch")
        st.caption(marks, help=f"{sum(ticks)} of {len(steps)} steps done")
        if view != step.view or (step.set and not ticks[at]):
            st.button(
                "Show me",
                key="lesson_show",
                icon=":material/play_arrow:",
                on_click=_show_me,
                args=(step,),
                help="Sets it up for you",
            )
        if at:
            st.button("Back", key="lesson_back", on_click=_go, args=(-1,))
        if at < len(steps) - 1:
            st.button(
                "Next",
                key="lesson_next",
                type="primary" if ticks[at] else "secondary",
                on_click=_go,
                args=(1,),
            )
        elif all(ticks):
            st.markdown("**Well done: that is all there is to it.**", width="content")
