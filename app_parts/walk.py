"""A guided walk over the page: ``?lesson=temperature&step=3&done=1,2``."""

from __future__ import annotations

import streamlit as st

from app_parts import desk, game, guard
from app_parts.lessons import LESSONS, Step, read_done, write_done
from app_parts.opening import accented

_SEEN = "lesson_seen"


def chosen() -> tuple[Step, ...] | None:
    """The lesson that the address asks for, if there is one of that name."""
    return LESSONS.get(st.session_state.lesson)


def note(name: str, value: object) -> None:
    """Remember that something happened; the steps look at it."""
    if chosen() is None:
        return
    seen = st.session_state.setdefault(_SEEN, {})
    values = seen.setdefault(name, [])
    if not values or values[-1] != value:
        values.append(value)


@guard.callback
def _show_me(number: int) -> None:
    """Do a step for somebody: set everything up, and tick it off."""
    steps, state = chosen(), st.session_state
    step = steps[number - 1]
    for key, value in step.set.items():
        state[key] = value
    state.view = step.view
    if step.view == "Guess":
        game.guess_once()
    state.done = write_done({*read_done(state.done, len(steps)), number})


@guard.callback
def _go_to(number: int) -> None:
    st.session_state.step = number


@guard.callback
def _end() -> None:
    """Put the lesson away; it goes along from page to page until somebody does."""
    state = st.session_state
    state.lesson, state.step, state.done = "", 1, ""
    state.pop(_SEEN, None)


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
    steps, state = chosen(), st.session_state
    seen = state.get(_SEEN, {})
    number = min(state.step, len(steps))
    step, fill = steps[number - 1], desk.noun().fill
    done = read_done(state.done, len(steps))
    guard.settle("done", write_done(done), "numbers of steps, with commas")
    done |= {i for i, one in enumerate(steps, 1) if one.done(seen)}
    state.done = write_done(done)
    marks = "".join("●" if i in done else "○" for i in range(1, len(steps) + 1))
    with place.container(
        horizontal=True, vertical_alignment="center", horizontal_alignment="left"
    ):
        tick = ":green[:material/check_circle:] " if number in done else ""
        where = "" if view == step.view else f" *(in “{step.view}”)*"
        title = f"{tick}**Step {number} of {len(steps)}: {fill(step.title)}**{where}"
        st.markdown(f"{title}  \n{fill(step.text)}", width="stretch")
        st.caption(marks, help=f"{len(done)} of {len(steps)} steps done")
        if view != step.view or number not in done:
            st.button(
                "Show me",
                key="lesson_show",
                icon=":material/play_arrow:",
                on_click=_show_me,
                args=(number,),
                help="Does it for you",
            )
        if number > 1:
            st.button("Back", key="lesson_back", on_click=_go_to, args=(number - 1,))
        if number < len(steps):
            st.button(
                accented("Next") if number in done else "Next",
                key="lesson_next",
                on_click=_go_to,
                args=(number + 1,),
            )
        elif len(done) == len(steps):
            st.markdown("**Well done: that is all there is to it.**", width="content")
        st.button(
            "End",
            key="lesson_end",
            icon=":material/close:",
            type="tertiary",
            on_click=_end,
            help="Puts the lesson away; the page stays as it is",
        )
    still = [i for i in range(1, len(steps)) if i not in done]
    if number == len(steps) and still:
        with place.container(horizontal=True, vertical_alignment="center"):
            st.markdown("Still open:", width="content")
            for i in still:
                st.button(
                    f"Step {i}: {fill(steps[i - 1].title).partition(':')[0]}",
                    key=f"lesson_open_{i}",
                    on_click=_go_to,
                    args=(i,),
                )
