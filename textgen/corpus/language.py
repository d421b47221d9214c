"""What a text is made of, language by language: its units and how they are joined.

A unit is what is counted, cut at, marked and compared: a word between spaces, or in
scripts that set no spaces a character as a reader sees it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from textgen.errors import SettingError


@dataclass(frozen=True)
class Language:
    """How the texts of a corpus are written.

    Attributes:
        key: its name in a bundle.
        name: for people.
        unit: what one unit is called.
        join: what stands between two units.
        normalise: brings any text to the form that models are trained on.
        units: cuts a text; joined again, the units are the text to the letter.
        compared: what of a text counts when it is looked up, copied or new: in order,
            what of each unit is left without case, width and punctuation.
        grown: by how many units a text grows with a token: given the bytes of the
            tokens before it, the nearest last, and its own. A word counts from its
            beginning on.
        tag: of HTML (BCP 47), where it decides how the characters look.
        beginning: how a text may begin, for an example.
        lengths: units to write, as pages offer them: the fewest, the usual, the most.
    """

    key: str
    name: str
    unit: str
    join: str
    normalise: Callable[[str], str]
    units: Callable[[str], list[str]]
    compared: Callable[[str], list[str]]
    grown: Callable[[Iterable[bytes], bytes], int]
    tag: str = ""
    beginning: str = ""
    lengths: tuple[int, int, int] = (3, 16, 30)

    @property
    def many(self) -> str:
        """What several units are called."""
        return f"{self.unit}s"

    @property
    def title(self) -> str:
        """What several units are called, with a capital: ``Words``."""
        return self.many.capitalize()

    @property
    def piece(self) -> str:
        """What a token is called where not every reader knows the term."""
        return self.unit if self.spaced else "piece"

    @property
    def spaced(self) -> bool:
        """Whether there is a space between two units."""
        return self.join == " "

    def filled(self, text: str) -> list[str]:
        """The units of a text but for empty ones: those between two spaces."""
        return list(filter(None, self.units(text)))

    def count(self, text: str) -> int:
        """How many units a text has."""
        return len(self.filled(text))

    def counted(self, count: int) -> str:
        """So many units: ``1 word``, ``2,000 words``."""
        return f"{count:,} {self.unit if count == 1 else self.many}"


def find(key: str) -> Language:
    """The language of a name.

    Raises:
        SettingError: there is none of this name.
    """
    if key not in LANGUAGES:
        raise SettingError(f"must be one of {', '.join(LANGUAGES)}", language=key)
    return LANGUAGES[key]


def _tidy(text: str) -> str:
    """Unicode NFC, runs of whitespace as one space, trimmed."""
    return " ".join(unicodedata.normalize("NFC", text).split())


_WORD = re.compile(r"\w+(?:['’]\w+)*")


def _between_spaces(text: str) -> list[str]:
    return text.split(" ")


def _words_alone(text: str) -> list[str]:
    """Lower-case words without punctuation."""
    return _WORD.findall(text.lower().replace("’", "'"))


def _opens_word(before: Iterable[bytes], data: bytes) -> int:
    """A word begins after a space; the very first token begins one in any case."""
    return int(data.startswith(b" ") or next(iter(before), None) is None)


# Letters and digits of full width, katakana of half width.
_OTHER_WIDTH = re.compile("[０-９Ａ-Ｚａ-ｚ]+|[ｦ-ﾟ]+")


def _tidy_widths(text: str) -> str:
    """Like :func:`_tidy`; letters, digits and katakana in their usual width.

    Punctuation stays as it is written: ``！`` and ``!`` are both in use. (Unicode's
    NFKC alone would also take apart ``…`` and ``㈱``.)
    """
    return _tidy(
        _OTHER_WIDTH.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    )


def _extends(character: str) -> bool:
    """True of what stands with the character before it: marks, joiners, skin tones."""
    return (
        unicodedata.category(character) in ("Mn", "Mc", "Me")
        or character in "\u200c\u200dﾞﾟ"
        or "\U0001f3fb" <= character <= "\U0001f3ff"  # skin tones
        or "\U000e0020" <= character <= "\U000e007f"  # tags, of flags
    )


def _is_half_flag(text: str) -> bool:
    return "\U0001f1e6" <= text <= "\U0001f1ff" and len(text) == 1


def _characters(text: str) -> list[str]:
    """Characters as a reader sees them, each with its marks.

    Extended grapheme clusters (Unicode Annex 29) but for the rules of other scripts:
    Hangul in parts, Indic conjuncts.
    """
    found: list[str] = []
    for character in text:
        last = found[-1] if found else ""
        goes_on = last and (
            _extends(character)
            or last.endswith("\u200d")
            or (_is_half_flag(last) and _is_half_flag(character))
        )
        if goes_on:
            found[-1] += character
        else:
            found.append(character)
    return found


def _letters_alone(text: str) -> list[str]:
    """Letters and digits one by one, case and width aside (NFKC); no punctuation."""
    return [
        letter
        for unit in _characters(text)
        for letter in unicodedata.normalize("NFKC", unit).lower()
        if letter.isalnum()
    ]


def _characters_grown(before: Iterable[bytes], data: bytes) -> int:
    """A character counts once its last byte is there: it may be a mark until then."""
    so_far = b"".join(before)
    return _length(so_far + data) - _length(so_far)


def _length(data: bytes) -> int:
    return len(_characters(data.decode("utf-8", "ignore")))


SPACED = Language(
    "spaced",
    "Words between spaces",
    "word",
    " ",
    _tidy,
    _between_spaces,
    _words_alone,
    _opens_word,
    beginning="Why",
)
JAPANESE = Language(
    "japanese",
    "Japanese",
    "character",
    "",
    _tidy_widths,
    _characters,
    _letters_alone,
    _characters_grown,
    tag="ja",
    beginning="なぜ",
    lengths=(5, 40, 60),
)
#: Cut as Japanese is; but many characters that the two share are drawn differently.
CHINESE = replace(JAPANESE, key="chinese", name="Chinese", tag="zh", beginning="为什么")
LANGUAGES = {language.key: language for language in (SPACED, JAPANESE, CHINESE)}
