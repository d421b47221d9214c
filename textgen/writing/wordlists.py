"""The lists that the two rules on words go by, and the rules made of them."""

from __future__ import annotations

from textgen.corpus.avoid import WordsToAvoid
from textgen.corpus.language import Language
from textgen.corpus.lexicon import Lexicon
from textgen.corpus.tokenizer import Tokenizer
from textgen.corpus.trie import Trie
from textgen.errors import SettingError
from textgen.writing.options import Options
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
        self._rules: dict[tuple[bool, bool], WordRule] = {}

    def rule(self, options: Options) -> WordRule | None:
        """The rule that options ask for; None where they ask for none.

        Made when it is first asked for, which takes a tenth of a second.

        Raises:
            SettingError: it cannot be made for this model; says why.
        """
        asked = (options.real_words, options.class_safe)
        if not any(asked):
            return None
        if asked not in self._rules:
            self._check(options)
            known = self._known if options.real_words else None
            avoid = None
            if options.class_safe:
                avoid = self.avoid or WordsToAvoid.load()
            self._rules[asked] = WordRule(self._tokenizer, Lexicon.of(known, avoid))
        return self._rules[asked]

    def _check(self, options: Options) -> None:
        name = "real_words" if options.real_words else "class_safe"
        if not self._language.spaced:
            why = "there are no spaces between the words of this model's texts"
        elif options.real_words and self._known is None:
            why = "the words that this model was trained on are not known"
        else:
            return
        raise SettingError(why, **{name: True})
