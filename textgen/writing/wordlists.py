"""The lists that the two rules on words go by, and the rules made of them."""

from __future__ import annotations

from textgen.corpus.avoid import WordsToAvoid
from textgen.corpus.language import Language
from textgen.corpus.lexicon import Lexicon
from textgen.corpus.tokenizer import Tokenizer
from textgen.corpus.trie import Trie
from textgen.errors import SettingError
from textgen.writing.options import WORD_RULES, Options
from textgen.writing.words import WordRule


class WordLists:
    """What a model's words are chosen from.

    Args:
        tokenizer: the model's.
        language: of the training set.
        known: the words of the training set; None where they are not known.

    Attributes:
        avoid: the words to avoid, to be set before they are first asked for; those of
            the lists that ship when None.
    """

    def __init__(
        self, tokenizer: Tokenizer, language: Language, known: Trie | None
    ) -> None:
        self.avoid: WordsToAvoid | None = None
        self._tokenizer, self._language, self._known = tokenizer, language, known
        self._rules: dict[tuple[bool, ...], WordRule] = {}

    def rule(self, options: Options) -> WordRule | None:
        """The rule that options ask for; None where they ask for none.

        Made when it is first asked for, which takes a tenth of a second.

        Raises:
            SettingError: it cannot be made for this model; says why.
        """
        asked = tuple(getattr(options, name) for name in WORD_RULES)
        if not any(asked):
            return None
        if asked not in self._rules:
            for name, on in zip(WORD_RULES, asked, strict=True):
                if on and (why := self.why_not(name)):
                    raise SettingError(why, **{name: True})
            known = self._known if options.real_words else None
            avoid = None
            if options.class_safe:
                avoid = self._to_avoid()
            self._rules[asked] = WordRule(self._tokenizer, Lexicon.of(known, avoid))
        return self._rules[asked]

    def why_not(self, name: str) -> str | None:
        """Why a rule cannot be had with this model, in plain words; None if it can.

        Args:
            name: one of :data:`~textgen.writing.options.WORD_RULES`.
        """
        if not self._language.spaced:
            return "there are no spaces between the words of this model's texts"
        if name == "real_words" and self._known is None:
            return "the words that this model was trained on are not known"
        return None

    def avoided(self, text: str) -> list[str]:
        """The words of a text that *fit for a class* would never complete, in order."""
        return self._to_avoid().found_in(text)

    def _to_avoid(self) -> WordsToAvoid:
        if self.avoid is None:
            self.avoid = WordsToAvoid.load()
        return self.avoid
