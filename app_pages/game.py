"""Guess the temperature: a game for the class, the same ten questions by link."""

from __future__ import annotations

import secrets

import pandas as pd
import streamlit as st

from app_pages import guard, lab
from app_pages.shared import headlines, open_generator
from textgen import charts, game, lens, typeset
from textgen.game import Round


def _answers(seed: int) -> list[float]:
    """The guesses of this session in this game."""
    games = st.session_state.setdefault("guesses", {})
    return games.setdefault(seed, [])


@guard.callback
def _guess(seed: int) -> None:
    _answers(seed).append(st.session_state.guess)
    st.session_state.game_shown = True


@guard.callback
def _next_round() -> None:
    st.session_state.game_shown = False


@guard.callback
def _again(seed: int | None) -> None:
    """The same questions once more, or new ones for None."""
    st.session_state.game_shown = False
    if seed is None:
        st.session_state.game = secrets.randbelow(10_000)
    else:
        _answers(seed).clear()


def play(projector: bool) -> bool:
    """One round at a time.

    Args:
        projector: large type.

    Returns:
        True once a guess was made in this game.
    """
    state = st.session_state
    with st.container(
        horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"
    ):
        seed = st.number_input(
            "Game",
            0,
            9999,
            step=1,
            width=150,
            help="The number of the game. Everybody with the same number gets the same "
            "ten questions; the address of this page holds it.",
            **guard.field("game"),
        )
        st.markdown(
            "Which temperature wrote these? **100 points** for the exact one, 50 less "
            "for each doubling or halving you are off.",
            width="stretch",
        )
    asked = game.rounds(seed, open_generator().categories)
    answers = _answers(seed)
    revealed = state.get("game_shown", False) and answers
    if len(answers) == len(asked) and not revealed:
        _result(seed, asked, answers)
        return True
    now = asked[len(answers) - 1 if revealed else len(answers)]
    so_far = _total(asked, answers)
    st.progress(
        len(answers) / len(asked),
        f"Question {now.number + 1} of {len(asked)} · {so_far} points",
    )
    for headline in headlines(now.options):
        st.html(typeset.headline(headline, lead=projector) + typeset.gap())
    if now.options.category:  # a model may know none
        st.caption(f"Category: {now.options.category.title()}")
    if not revealed:
        st.select_slider(
            "Your guess",
            game.GUESSES,
            0.7,
            key="guess",
            format_func=lambda t: f"T = {t:g}",
        )
        st.button(
            "That is my guess",
            key="game_guess",
            type="primary",
            on_click=_guess,
            args=(seed,),
        )
        return bool(answers)
    _reveal(now, answers[-1], projector)
    return True


def _reveal(now: Round, guess: float, projector: bool) -> None:
    won = game.points(guess, now.temperature)
    st.subheader(
        f"It was T = {now.temperature:g}. You said {guess:g}: {won} points.",
        anchor=False,
    )
    st.button(
        "Go on", key="game_next", type="primary", on_click=_next_round, width="content"
    )
    seen = lens.look(open_generator(), now.options)
    lab.lab(
        "lens",
        lab.lens_data(seen, now.options),
        now.temperature,
        key=f"answer_{now.options.seed}",
        projector=projector,
        guess=guess,
    )


def _total(asked: list[Round], answers: list[float]) -> int:
    pairs = zip(asked, answers, strict=False)
    return sum(game.points(guess, one.temperature) for one, guess in pairs)


def _result(seed: int, asked: list[Round], answers: list[float]) -> None:
    st.header(
        f"{_total(asked, answers)} of {len(asked) * game.FULL} points", anchor=False
    )
    table = pd.DataFrame(
        {
            "question": [one.number + 1 for one in asked],
            "answer": [one.temperature for one in asked],
            "guess": answers,
            "points": [
                game.points(guess, one.temperature)
                for one, guess in zip(asked, answers, strict=True)
            ],
        }
    )
    st.altair_chart(
        charts.guesses(table),
        alt="Your guesses beside the answers, question by question, on a log scale: "
        + ", ".join(f"{row.guess:g} for {row.answer:g}" for row in table.itertuples()),
    )
    st.caption("No name, no login: close this page and the result is gone.")
    with st.container(horizontal=True):
        st.button("Same questions again", on_click=_again, args=(seed,), key="replay")
        st.button(
            "New game", on_click=_again, args=(None,), type="primary", key="new_game"
        )
