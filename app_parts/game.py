"""Guess the temperature: a game for the class, the same ten questions by link."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from app_parts import desk, guard, lab, rounds
from app_parts.opening import accented, headlines, open_generator
from app_parts.rounds import Round
from textgen.corpus.corpus import readable
from textgen.explain import lens
from textgen.storage import DEFAULT_MODEL
from textgen.views import charts, ink, typeset
from textgen.writing.generator import Generator
from textgen.writing.options import Options

USUAL = 0.7  # where the slider stands before anybody guessed


def _keep(answers: list[float | None]) -> None:
    """Put the guesses where the address finds them, and under the game's number."""
    state = st.session_state
    state.answers = rounds.write_answers(answers)
    state.setdefault("games", {})[state.game] = state.answers


@guard.callback
def guess_once() -> None:
    """Guess what the slider shows, at the first question without an answer."""
    state = st.session_state
    answers = list(rounds.read_answers(state.answers))
    number = _first_open(answers)
    if number < rounds.ROUNDS:
        answers += [None] * (number + 1 - len(answers))
        answers[number] = state.get("guess", USUAL)
        _keep(answers)
        state.game_shown = number


def _first_open(answers: Sequence[float | None]) -> int:
    return answers.index(None) if None in answers else len(answers)


@guard.callback
def _next_round() -> None:
    st.session_state.game_shown = None


@guard.callback
def _other_game() -> None:
    """Another number: its own guesses, if there are any."""
    state = st.session_state
    state.answers = state.get("games", {}).get(state.game, "")
    state.game_shown = None


@guard.callback
def _again(*, new: bool) -> None:
    """The same questions once more, or new ones."""
    st.session_state.game_shown = None
    if new:
        st.session_state.game = secrets.randbelow(10_000)
    _keep([])


def play(model: str, projector: bool) -> bool:
    """One round at a time.

    Args:
        model: the name of the one that wrote.
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
            on_change=_other_game,
            help="The number of the game. Everybody with the same number gets the same "
            "ten questions; the address of this page holds it, and your answers.",
            **guard.field("game"),
        )
        st.markdown(
            "Which temperature wrote these? **100 points** for the exact one, 50 less "
            "for each doubling or halving you are off.",
            width="stretch",
        )
    generator = open_generator(model)
    usual = Options(**desk.word_rules(generator))
    asked = rounds.rounds(seed, generator.categories, usual)
    answers = rounds.read_answers(state.answers)
    guard.settle(
        "answers",
        rounds.write_answers(answers),
        None
        if rounds.all_read(state.answers)
        else f"up to {rounds.ROUNDS} temperatures that the slider has, with commas",
    )
    shown = state.get("game_shown")
    revealed = shown is not None and shown < len(answers) and answers[shown] is not None
    at = shown if revealed else _first_open(answers)
    if at == len(asked):
        _result(asked, answers, projector)
        return True
    now = asked[at]
    given = sum(guess is not None for guess in answers)
    st.progress(
        given / len(asked),
        f"Question {at + 1} of {len(asked)} · {_total(asked, answers)} points",
    )
    for headline in headlines(now.options, model):
        st.html(typeset.headline(headline, lead=projector) + typeset.gap())
    said = []
    if now.options.category:  # a model may know none
        said.append(
            "Category: " + typeset.plain_markdown(readable(now.options.category))
        )
    if model != DEFAULT_MODEL:
        said.append(f"written by {model}")
    st.caption(" · ".join(said))
    if not revealed:
        st.select_slider(
            "Your guess",
            rounds.GUESSES,
            USUAL,
            key="guess",
            format_func=lambda t: f"T = {t:g}",
        )
        st.button(accented("That is my guess"), key="game_guess", on_click=guess_once)
        return given > 0
    _reveal(generator, now, answers[at], projector)
    return True


def _reveal(generator: Generator, now: Round, guess: float, projector: bool) -> None:
    won = rounds.points(guess, now.temperature)
    st.subheader(
        f"It was T = {now.temperature:g}. You said {guess:g}: {won} points.",
        anchor=False,
    )
    st.button(accented("Go on"), key="game_next", on_click=_next_round, width="content")
    seen = lens.look(generator, now.options)
    lab.lab(
        "lens",
        lab.lens_data(seen, now.options),
        now.temperature,
        key=f"answer_{now.options.seed}",
        noun=desk.noun(),
        projector=projector,
        guess=guess,
    )


def _total(asked: list[Round], answers: Sequence[float | None]) -> int:
    pairs = zip(asked, answers, strict=False)
    return sum(rounds.points(guess, one.temperature) for one, guess in pairs if guess)


def _result(asked: list[Round], answers: Sequence[float], projector: bool) -> None:
    st.header(
        f"{_total(asked, answers)} of {len(asked) * rounds.FULL} points", anchor=False
    )
    table = pd.DataFrame(
        {
            "question": [one.number + 1 for one in asked],
            "answer": [one.temperature for one in asked],
            "guess": answers,
            "points": [
                rounds.points(guess, one.temperature)
                for one, guess in zip(asked, answers, strict=True)
            ],
        }
    )
    st.altair_chart(
        ink.sized(
            charts.guesses(table, (rounds.GUESSES[0], rounds.GUESSES[-1])),
            large=projector,
        ),
        alt="Your guesses beside the answers, question by question, on a log scale: "
        + ", ".join(f"{row.guess:g} for {row.answer:g}" for row in table.itertuples()),
    )
    st.caption(
        "No name, no login: nothing is stored. The address of this page holds your "
        "answers; *Share this setup* leaves them out."
    )
    with st.container(horizontal=True):
        st.button(
            "Same questions again", on_click=_again, kwargs={"new": False}, key="replay"
        )
        st.button(
            accented("New game"),
            on_click=_again,
            kwargs={"new": True},
            key="new_game",
        )
