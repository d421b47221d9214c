"""The first page's browser side: the dial, the headlines, and all they can become.

What the page's own temperature gives is sent first; the paths of all headlines follow,
and then the texts change in the browser while the dial is dragged.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable, Sequence

from app_parts.lab import dial_data
from app_parts.mounts import component
from textgen.corpus.corpus import Noun
from textgen.explain.path import Part
from textgen.writing.options import Options
from textgen.writing.text import CHANCE, Text

PRESETS = {"Safe": 0.3, "Balanced": 0.7, "Wild": 1.3}
#: Ranks up to each limit: what it is called, its tint and the line that goes with it.
RANK_STEPS = (
    (10, "the 10 likeliest", "rgba(63,160,90,.20)", "none"),
    (100, "up to 100", "rgba(214,170,30,.30)", "solid"),
    (1000, "up to 1,000", "rgba(214,96,58,.34)", "dotted"),
    (None, "beyond", "rgba(140,80,180,.36)", "wavy"),
)

_dial = component(
    "front_dial",
    '<div class="lab"><div class="dial"></div></div>',
    "views/editor.js",
    "views/dial.css",
    "views/editor.css",
)
_page = component(
    "front_page", '<div class="front"></div>', "views/front.js", "views/front.css"
)
_paths = component("front_paths", "<span hidden></span>", "paths.js")


def key_of(options: Options, model: str) -> str:
    """What must be equal for texts to belong together: all but the temperature."""
    return f"{model} {zlib.crc32(repr(options.but(temperature=1.0)).encode()):08x}"


def dial(
    temperature: float,
    key: str,
    *,
    noun: Noun,
    exact: bool,
    narrow: bool,
    on_temperature: Callable[[], None],
    on_width: Callable[[], None],
) -> None:
    """The dial with its presets and its exact value.

    Args:
        temperature: where it stands.
        key: from :func:`key_of`.
        noun: what the model calls a text.
        exact: whether paths will follow.
        narrow: whether the page is laid out for a narrow window.
        on_temperature: called when it is let go; ``st.session_state.dial`` holds ``t``.
        on_width: called where the window is not so; ``st.session_state.dial`` holds
            ``narrow``.
    """
    _dial(
        key="dial",
        data=_sent(
            **dial_data(temperature),
            key=key,
            presets=list(PRESETS.items()),
            noun={"one": noun.one, "many": noun.many},
            exact=exact,
            narrow=narrow,
        ),
        on_t_change=on_temperature,
        on_narrow_change=on_width,
    )


def page(
    texts: Sequence[Text],
    options: Options,
    count: int,
    key: str,
    noun: Noun,
    *,
    categories: bool,
    ranks: bool,
    mark: bool,
    on_why: Callable[[], None],
) -> None:
    """The headlines as they are at the page's own temperature.

    Args:
        texts: what that gives; one alone where all are the same.
        options: the settings.
        count: headlines on the page.
        key: from :func:`key_of`.
        noun: what the model calls a text.
        categories: whether the model knows any.
        ranks: colour words by rank.
        mark: highlight the longest run of words that stands in the training set.
        on_why: called when a word of the first was clicked;
            ``st.session_state.front.why`` holds ``{"word", "t"}``.
    """
    language = texts[0].language
    steps = [
        {"limit": limit, "label": label, "colour": colour, "line": line}
        for limit, label, colour, line in RANK_STEPS
    ]
    _page(
        key="front",
        data=_sent(
            **dial_data(options.temperature),
            key=key,
            category=options.category or ("ANY CATEGORY" if categories else ""),
            seed=options.seed,
            count=count,
            noun=noun.one,
            join=language.join,
            lang=language.tag or None,
            unit=language.unit,
            units=language.many,
            steps=steps if ranks else None,
            mark=mark,
            chance=f"Natural logarithm of {CHANCE}",
            texts=[text_data(one) for one in texts],
        ),
        on_why_change=on_why,
    )


def _sent(**data) -> dict:
    """Data as one text: Streamlit looks for tables in any other, which loads pandas."""
    return {"json": json.dumps(data, ensure_ascii=False)}


def paths(packed: str, key: str) -> None:
    """Hand over all that the headlines become; see :func:`paths_data`."""
    _paths(key="front_paths", data={"key": key, "packed": packed})


def paths_data(paths: Sequence[Sequence[Part]], greedy: Text) -> str:
    """What the page needs of every headline's path.

    Args:
        paths: a path a headline.
        greedy: what every headline is at T = 0.

    Returns:
        JSON, compressed: the parts share most of their words.
    """
    first = {"low": 0.0, "high": 0.0, **text_data(greedy)}
    headlines = [
        [
            first,
            *(
                {"low": part.low, "high": part.high, **text_data(part.headline)}
                for part in parts
            ),
        ]
        for parts in paths
    ]
    packed = zlib.compress(json.dumps(headlines, ensure_ascii=False).encode())
    return base64.b64encode(packed).decode()


def text_data(item: Text) -> dict:
    """One text as the page sets it."""
    words = item.words
    novelty = item.novelty
    return {
        "words": [word.text for word in words],
        "given": _given(item),
        "ranks": [word.rank for word in words],
        "chances": [float(f"{word.probability:.3g}") for word in words],
        "log_p": round(item.log_probability, 1),
        "ended": item.ended,
        "copied": item.copied,
        "run": None if novelty is None else novelty.longest_run,
        "of": 0 if novelty is None else novelty.words,
        "marked": _seen(item),
    }


def _given(item: Text) -> str:
    """What of the text stood in the prompt."""
    given = [word.text[: word.given] for word in item.words if word.given]
    return item.language.join.join(given)


def _seen(item: Text) -> list[int]:
    """The units of the longest run that stands in the training set, by number."""
    if item.novelty is None or not item.novelty.longest_run:
        return []
    first, last = item.novelty.run  # counted in what is compared
    place, found = 0, []
    for i, word in enumerate(item.words):
        parts = len(item.language.compared(word.text))
        inside = parts and first <= place and place + parts <= last
        # Between characters a comma stands alone; in a run it is marked with them.
        if inside or (not item.language.spaced and first < place < last):
            found.append(i)
        place += parts
    return found


def step_of(item: Text, word: int, join: Callable) -> int:
    """Which choice began a word: its place among the tokens that were written.

    Args:
        item: the text.
        word: its number.
        join: makes a text of tokens (:meth:`Generator.text_of`).
    """
    given = sum(token.given for token in item.tokens)
    for end in range(given + 1, len(item.tokens) + 1):
        if len(item.language.units(join(item.tokens[:end]))) > word:
            return end - given - 1
    return 0
