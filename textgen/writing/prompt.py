"""What a person types to begin with: tidied, and what it means to the model."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from textgen.corpus.language import SPACED, Language
from textgen.corpus.novelty import NoveltyIndex
from textgen.corpus.tokenizer import Tokenizer, added
from textgen.writing.options import LONGEST_PROMPT


@dataclass(frozen=True)
class PromptReport:
    """What a prompt means to the model.

    Attributes:
        text: the prompt as the model reads it.
        unseen: its units (words) that occur nowhere in the training set.
        read_as: each of these in the pieces that the model reads it in, a character
            never in parts; empty where it has no piece for any of the characters.
        no_piece: its symbols (emoji, say) that the model has no piece for.
        shortened: it was longer than the model takes, and was cut.
        changed: characters that cannot be shown (controls) were taken out.
    """

    text: str
    unseen: tuple[str, ...]
    read_as: tuple[tuple[str, ...], ...]
    no_piece: tuple[str, ...]
    shortened: bool
    changed: bool
    #: What has no piece is read byte by byte; if not, all of it is one sign: unknown.
    bytewise: bool = True
    language: Language = SPACED


def tidy_prompt(text: str, language: Language = SPACED) -> str:
    """Take out control characters and bring text to the form of the training set."""
    visible = (" " if unicodedata.category(c) in ("Cc", "Cs") else c for c in text)
    return language.normalise("".join(visible))


def read_prompt(
    prompt: str,
    tokenizer: Tokenizer,
    novelty: NoveltyIndex | None = None,
    language: Language = SPACED,
) -> PromptReport:
    """Say what a prompt means to a model, before it is used.

    Args:
        prompt: any text.
        tokenizer: the model's.
        novelty: index of its training set; without it no word counts as unseen.
        language: of what it learnt from.
    """
    visible = tidy_prompt(prompt, language)
    text = visible[:LONGEST_PROMPT].strip()
    unseen: tuple[str, ...] = ()
    if novelty is not None:
        words = dict.fromkeys(language.filled(text))
        unseen = tuple(word for word in words if not novelty.knows(word))
    symbols = dict.fromkeys(c for c in text if unicodedata.category(c) == "So")
    no_piece = tuple(c for c in symbols if not _in_pieces(c, tokenizer))
    controls = any(
        unicodedata.category(c) in ("Cc", "Cs") and not c.isspace() for c in prompt
    )
    return PromptReport(
        text,
        unseen,
        tuple(_in_pieces(word, tokenizer) for word in unseen),
        no_piece,
        len(visible) > len(text),
        controls,
        tokenizer.bytewise,
        language,
    )


def _in_pieces(word: str, tokenizer: Tokenizer) -> tuple[str, ...]:
    """A word as it is read; empty if it is read in parts of characters alone."""
    tokens = tokenizer.encode(word)
    if not any(map(tokenizer.whole, tokens)):
        return ()
    parts = added(map(tokenizer.data, tokens))
    return tuple(part.strip() for part in parts if part.strip())
