"""The temperature lab's browser side: a dial, and the view that follows it.

Streamlit's slider reruns the script when it is let go; what must move while it is
dragged runs in the browser. Python sends the model's numbers once, the browser divides
them by T. The temperature comes back when the dial is released.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Callable
from dataclasses import asdict

from app_parts.mounts import component
from textgen.corpus.corpus import Noun
from textgen.corpus.language import SPACED, Language
from textgen.explain.contest import Contest
from textgen.explain.lens import Lens
from textgen.explain.path import Part
from textgen.views.palette import LUCK, OPINION, temperature_colour
from textgen.writing.options import Options
from textgen.writing.rules import RULES

COLDEST, HOTTEST = 0.05, 3.0
COLOURS = 65  # samples of the temperature colours along the dial


def place_to_temperature(place: float) -> float:
    """The dial's axis: from -1 … 1 to T, logarithmic on both sides of T = 1."""
    return COLDEST**-place if place < 0 else HOTTEST**place


_mount = component(
    "temperature_lab",
    '<div class="lab"><div class="dial"></div><div class="view"></div></div>',
    "views/lab.js",
    "views/dial.css",
    "views/lab.css",
)


def lens_data(lens: Lens, options: Options) -> dict:
    """What the lens needs: every opinion, and the names of the first."""
    return {
        **_written(lens.language),
        "prompt": lens.prompt,
        "opinions": base64.b64encode(lens.opinions.astype("<f4").tobytes()).decode(),
        "texts": lens.texts,
        "whole": lens.whole,
        # A character for every opinion; empty where all may be written.
        "may": "" if lens.may.all() else "".join("01"[i] for i in lens.may.tolist()),
        "rules": options.word_rules(),
        "cuts": options.cuts(),
        "penalty": options.repetition_penalty,
        "limits": {rule.option: rule.value(options) for rule in RULES},
    }


def why_data(
    contests: list[Contest],
    options: Options,
    text: str,
    word: int,
    language: Language = SPACED,
) -> dict:
    """What *Why this word?* needs: every choice that made one headline."""
    steps = [asdict(contest) for contest in contests]
    for step in steps:
        for candidate in step["candidates"]:
            # JSON knows no infinity; no temperature of the dial reaches 1e9.
            candidate["coldest"] = min(candidate["coldest"], 1e9)
    return {
        **_written(language),
        "key": _key(options),
        "prompt": options.prompt,
        "text": text,
        "t": options.temperature,
        "word": word,
        "rules": options.word_rules(),
        "cuts": options.cuts(),
        "penalty": options.repetition_penalty,
        "steps": steps,
    }


def path_data(parts: list[Part], options: Options) -> dict:
    """What the path needs: every headline with its stretch of temperatures."""
    first = parts[0].headline
    language = first.language
    units = [language.units(part.headline.text) for part in parts]
    given = language.filled(first.prompt)
    whole = all(one[: len(given)] == given for one in units)
    texts = "\n".join(part.headline.text for part in parts)
    return {
        # Another model writes other texts with the same settings.
        "key": f"{_key(options)} {zlib.crc32(texts.encode())}",
        # A last unit that the model goes on with is where texts may part.
        "given": len(given) if whole else len(given) - 1,
        **_written(language),
        "parts": [
            {
                "low": part.low,
                "high": part.high,
                "units": one,
                "ended": part.headline.ended,
            }
            for part, one in zip(parts, units, strict=True)
        ],
    }


def _written(language: Language) -> dict[str, str]:
    """How texts are written: what stands between two units, what a token is called,
    and whose characters they are (BCP 47; empty where that does not matter)."""
    return {"join": language.join, "piece": language.piece, "lang": language.tag}


def dial_data(temperature: float) -> dict:
    """What the dial needs: where it stands, its ends and its colours."""
    places = (2 * i / (COLOURS - 1) - 1 for i in range(COLOURS))
    colours = [temperature_colour(place_to_temperature(place)) for place in places]
    return {
        "t": temperature,
        "low": COLDEST,
        "high": HOTTEST,
        "colours": colours,
        "ink": {
            "opinion": OPINION,
            "luck": LUCK,
            "cold": colours[0],
            "neutral": temperature_colour(1.0),
            "hot": colours[-1],
        },
    }


def _key(options: Options) -> str:
    """What is held fixed while the dial moves."""
    return repr(options.but(temperature=1.0))


def lab(
    view: str,
    data: dict,
    temperature: float,
    *,
    key: str,
    noun: Noun,
    projector: bool = False,
    guess: float | None = None,
    on_temperature: Callable[[], None] | None = None,
    on_append: Callable[[], None] | None = None,
    on_word: Callable[[], None] | None = None,
):
    """Show the dial with one view below it.

    Args:
        view: ``lens``, ``why`` or ``path``.
        data: from the view's own function above.
        temperature: where the dial stands.
        key: of the element; ``st.session_state[key]`` holds ``t`` once the dial was
            moved, ``append`` when a word was clicked, ``word`` when a place was.
        noun: what the model calls a text.
        projector: large type.
        guess: a second mark on the dial.
        on_temperature: called when the dial is let go.
        on_append: called when a word of the lens is clicked.
        on_word: called when a word of the headline is clicked.
    """
    return _mount(
        key=key,
        data={
            "view": view,
            view: data,
            "noun": {"one": noun.one, "a": noun.a},
            **dial_data(temperature),
            "projector": projector,
            "guess": guess,
        },
        on_t_change=on_temperature or _ignore,
        on_append_change=on_append or _ignore,
        on_word_change=on_word or _ignore,
    )


def _ignore() -> None:
    """Nothing needs doing."""
