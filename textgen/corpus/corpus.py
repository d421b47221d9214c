"""A collection of texts to learn from, and what is worth telling of it.

A model carries the :class:`CorpusFacts` of what it was trained on, so that its card,
the pages and the command line call its texts by their name.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from types import UnionType

from textgen.corpus import language as languages
from textgen.corpus.language import SPACED, Language
from textgen.errors import DatasetError, SettingError

SPLITS = ("train", "validation", "test")
PREPARED = (
    "Cleaned (Unicode NFC, white space, repeats dropped) and split by content hash: "
    "90 % train, 5 % validation, 5 % test"
)
LONGEST_NOUN = 30  # characters

#: Words of letters alone: what may stand on a page, in a file's name or in a heading.
_NOUN = re.compile(r"[^\W\d_]+(?:[ ’'-][^\W\d_]+)*")


@dataclass(frozen=True)
class Noun:
    """What one text is called, and several of them.

    Raises:
        SettingError: one is no plain word.
    """

    one: str = "text"
    many: str = "texts"

    def __post_init__(self) -> None:
        for name in ("one", "many"):
            word = getattr(self, name)
            plain = isinstance(word, str) and _NOUN.fullmatch(word)
            if not plain or len(word) > LONGEST_NOUN:
                raise SettingError(
                    f"must be a word of at most {LONGEST_NOUN} letters", **{name: word}
                )

    @property
    def a(self) -> str:
        """One of them: ``a headline``, ``an aphorism``."""
        return f"{'an' if self.one[0].lower() in 'aeiou' else 'a'} {self.one}"

    def fill(self, text: str) -> str:
        """Fill a sentence's places: ``{one}``, ``{many}``, ``{Many}``, ``{a}``.

        Args:
            text: written in this project; a text of a person may hold braces.
        """
        many = self.many[0].upper() + self.many[1:]
        return text.format(one=self.one, many=self.many, a=self.a, Many=many)

    def counted(self, count: int) -> str:
        """So many of them: ``1 headline``, ``2,000 headlines``."""
        return f"{count:,} {self.one if count == 1 else self.many}"


@dataclass(frozen=True)
class CorpusFacts:
    """What is worth telling of a collection of texts, in sentences of the card.

    Raises:
        SettingError: a value is of the wrong kind.
    """

    name: str = ""  # of the collection
    noun: Noun = Noun()  # what one text is called
    language: Language = SPACED  # how its texts are cut, joined and compared
    about: str = ""  # what it is, by whom, from when; no full stop
    whose: str = ""  # its texts in a phrase: "Basho's haiku"
    prepared: str = ""  # how it was cleaned and split; no full stop
    extra: Noun | None = None  # texts of another kind that were learnt from as well
    extra_about: str = ""  # what those are
    credits: str = ""  # whom to name, and where it can be found
    licence: str = ""  # sentences
    caution: str = ""  # what a reader should know of any text like them; a clause
    limits: tuple[str, ...] = ()  # what a model of it does not know: a sentence each
    splits: Mapping[str, int] = field(default_factory=dict)  # texts in each split
    labels: Mapping[str, int] = field(default_factory=dict)  # train texts with each

    def __post_init__(self) -> None:
        object.__setattr__(self, "limits", tuple(self.limits))
        kinds: dict[str, type | UnionType] = {"noun": Noun, "language": Language}
        kinds |= {"extra": Noun | None, "limits": tuple}
        for name in ("splits", "labels"):
            counts = dict(getattr(self, name))
            object.__setattr__(self, name, counts)
            kinds[name] = dict
            if not all(isinstance(count, int) for count in counts.values()):
                raise SettingError("must be whole numbers", **{name: counts})
        for f in fields(self):
            value = getattr(self, f.name)
            if not isinstance(value, kinds.get(f.name, str)):
                raise SettingError("must be text", **{f.name: value})
        if not all(isinstance(sentence, str) for sentence in self.limits):
            raise SettingError("must be sentences", limits=self.limits)

    @classmethod
    def from_dict(cls, values: Mapping) -> CorpusFacts:
        """Read what :meth:`to_dict` gave; what is missing is neutral.

        Raises:
            TypeError, ValueError: something is of the wrong kind.
        """
        known = {f.name: values[f.name] for f in fields(cls) if f.name in values}
        for name in ("noun", "extra"):
            if known.get(name) is not None:
                known[name] = Noun(*known[name])
        if "language" in known:
            known["language"] = languages.find(known["language"])
        return cls(**known)

    def to_dict(self) -> dict:
        """Plain values for JSON, without those that say nothing."""
        found = {f.name: getattr(self, f.name) for f in fields(self)}
        found["noun"] = [self.noun.one, self.noun.many]
        found["language"] = self.language.key
        if self.extra:
            found["extra"] = [self.extra.one, self.extra.many]
        found["limits"] = list(self.limits)
        return {name: value for name, value in found.items() if value}


@dataclass(frozen=True)
class Corpus:
    """Texts to learn from.

    Attributes:
        texts: normalised, no two alike.
        labels: the category of each; None where there are none.
        splits: which of :data:`SPLITS` each belongs to.
        facts: what it is called, whose it is.
        extra_texts: of another kind, to learn from as well; see ``facts.extra``.
        extra_labels: the category of each of those; None where there are none.

    Raises:
        ValueError: the columns have different lengths.
    """

    texts: Sequence[str]
    labels: Sequence[str] | None
    splits: Sequence[str]
    facts: CorpusFacts = CorpusFacts()
    extra_texts: Sequence[str] = ()
    extra_labels: Sequence[str] | None = None

    def __post_init__(self) -> None:
        for mine, other in (
            (self.texts, self.splits),
            (self.texts, self.labels),
            (self.extra_texts, self.extra_labels),
        ):
            if other is not None and len(mine) != len(other):
                raise ValueError(f"{len(mine)} texts, but {len(other)} beside them")
        counts = {name: list(self.splits).count(name) for name in SPLITS}
        labels = Counter(self.part("train")[1] or ())
        facts = replace(self.facts, splits=counts, labels=dict(sorted(labels.items())))
        object.__setattr__(self, "facts", facts)

    @classmethod
    def of_texts(
        cls,
        texts: Iterable[str],
        labels: Iterable[str] | None = None,
        facts: CorpusFacts | None = None,
    ) -> Corpus:
        """Clean and split texts as they come.

        Args:
            texts: any; white space is tidied, empty ones and repeats are dropped.
            labels: the category of each, if they have any; tidied as well.
            facts: what they are called, whose they are.
        """
        texts, facts = list(texts), facts or CorpusFacts()
        found: dict[str, tuple[str, str]] = {}
        tidy = facts.language.normalise
        named = [""] * len(texts) if labels is None else list(map(tidy, labels))
        for text, label in zip(map(tidy, texts), named, strict=True):
            if text:
                found.setdefault(text.lower(), (text, label))
        kept = [text for text, _ in found.values()]
        return cls(
            kept,
            [label for _, label in found.values()] if labels is not None else None,
            [split_of(text) for text in kept],
            replace(facts, prepared=PREPARED),
        )

    def __len__(self) -> int:
        return len(self.texts)

    @property
    def categories(self) -> tuple[str, ...]:
        """The labels there are, in alphabetical order."""
        return tuple(sorted(set(self.labels))) if self.labels is not None else ()

    def part(self, split: str) -> tuple[list[str], list[str] | None]:
        """The texts of one split, and their labels."""
        rows = [i for i, name in enumerate(self.splits) if name == split]
        labels = None if self.labels is None else [self.labels[i] for i in rows]
        return [self.texts[i] for i in rows], labels


def split_of(text: str) -> str:
    """Say which split a text belongs to, for ever and on every machine.

    Args:
        text: a normalised text; case does not matter.

    Returns:
        ``"train"`` (90 %), ``"validation"`` (5 %) or ``"test"`` (5 %), by SHA-256.
    """
    digest = hashlib.sha256(text.lower().encode()).hexdigest()
    bucket = int(digest, 16) % 100
    return "train" if bucket < 90 else "validation" if bucket < 95 else "test"


def check_splits(splits: Sequence[str], noun: Noun, where: object) -> None:
    """Make sure that there is something to train on, to choose by and to test on.

    Args:
        splits: that of each text.
        noun: what one text is called.
        where: they came from, for the message.

    Raises:
        DatasetError: a split is empty.
    """
    for name in SPLITS:
        if name not in splits:
            raise DatasetError(
                f"{where}: no {noun.one} falls into the {name} split; there are "
                f"{len(splits):,}, and a few hundred are needed."
            )


def readable(label: str) -> str:
    """A label as a page names it: one that shouts is written like a title.

    ``"ODES & SONGS"`` becomes ``"Odes & Songs"``; any other stays as it is.
    """
    return label.title() if label.isupper() else label
