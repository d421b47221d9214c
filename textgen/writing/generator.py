"""Write headlines, and say what the model thinks of any text.

>>> from textgen import Generator
>>> generator = Generator.load()
>>> print(generator.generate(temperature=0.7, category="POLITICS", seed=7)[0].text)
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from textgen.corpus.language import SPACED, Language
from textgen.corpus.novelty import NoveltyIndex
from textgen.corpus.tokenizer import END, START, Tokenizer, added
from textgen.corpus.trie import Trie
from textgen.errors import SettingError
from textgen.model.bundle import Bundle
from textgen.model.engine import Engine, State, feed
from textgen.model.engines import FAST, open_engine
from textgen.storage import DEFAULT_MODEL
from textgen.writing import sampling
from textgen.writing.length import TOKENS_PER_WORD, Fate, most_steps, most_units
from textgen.writing.options import LONGEST_PROMPT, Options
from textgen.writing.prompt import PromptReport, read_prompt, tidy_prompt
from textgen.writing.rules import Context, Forbidden
from textgen.writing.text import Score, Text, Token
from textgen.writing.wordlists import WordLists

#: Tokens before a new one that tell whether a character goes on with it.
NEAR = 32


class Generator:
    """Writes headlines with a trained model.

    Args:
        engine: runs the network.
        tokenizer: the model's.
        novelty: index of the training set, for copied or new.
        language: of the training set.
        words: of the training set, for real words; None where they are not known.
    """

    def __init__(
        self,
        engine: Engine,
        tokenizer: Tokenizer,
        novelty: NoveltyIndex | None = None,
        language: Language = SPACED,
        words: Trie | None = None,
    ) -> None:
        self.engine = engine
        self.tokenizer = tokenizer
        self.novelty = novelty
        self.language = language
        self.word_lists = WordLists(tokenizer, language, words)

    @classmethod
    def load(cls, model: str = DEFAULT_MODEL, engine: str = FAST) -> Generator:
        """Open a model.

        Args:
            model: the name of one that ships, or a folder.
            engine: one of :data:`textgen.model.engines.ENGINES`.

        Raises:
            BundleError: the model is missing or damaged.
        """
        return cls.from_bundle(Bundle(model), engine)

    @classmethod
    def from_bundle(cls, bundle: Bundle, engine: str = FAST) -> Generator:
        """Like :meth:`load`, for a model that is open already."""
        return cls.on(open_engine(bundle, engine), bundle)

    @classmethod
    def on(cls, engine: Engine, bundle: Bundle) -> Generator:
        """Like :meth:`from_bundle`, with an engine of one's own."""
        return cls(
            engine,
            bundle.tokenizer,
            bundle.novelty,
            bundle.corpus.language,
            bundle.words,
        )

    @property
    def categories(self) -> tuple[str, ...]:
        """The names that may be asked for."""
        return self.engine.config.categories

    def generate(self, options: Options | None = None, **changes: Any) -> list[Text]:
        """Write headlines.

        Args:
            options: the settings.
            **changes: single settings, instead of or on top of ``options``.

        Returns:
            ``options.count`` headlines; the same settings and seed give the same ones,
            and headline i is the same whatever the count.

        Raises:
            ValueError: a setting is out of range; says which and what is allowed.
        """
        options = (options or Options()).but(**changes)
        return self._write(options, range(options.count))

    def stream(
        self, options: Options | None = None, number: int = 0, **changes: Any
    ) -> Iterator[Token]:
        """Write one headline, token by token.

        Args:
            options: the settings.
            number: which headline of the seed.
            **changes: as for :meth:`generate`.

        Yields:
            The tokens of the prompt, then each new one as it is chosen: those of
            :meth:`generate`. Parts of a character come once it is whole.
        """
        options = (options or Options()).but(**changes)
        tokens: list[Token] = []
        told = 0
        for grown, _ in self._grow(options, [number]):
            tokens += grown.get(number, ())
            whole = self.whole(tokens)
            yield from whole[told:]
            told = len(whole)

    def score(
        self,
        texts: str | Sequence[str],
        category: str | Sequence[str | None] | None = None,
    ) -> list[Score]:
        """Say how probable texts are, in the pieces that they are read in.

        A model may spell one text in several ways; this is the way in which the
        tokenizer does. A headline that was written in other pieces has another
        ``log_probability``.

        Args:
            texts: one or more.
            category: one for all, one each, or None for any.

        Returns:
            One answer each: every token's log-probability, the end token's included.
        """
        texts = [texts] if isinstance(texts, str) else texts
        texts = list(map(self.tidy, texts))
        if category is None or isinstance(category, str):
            category = [category] * len(texts)
        numbers = [self.category_id(name) for name in category]
        ids = [[START, *self.tokenizer.encode(text), END] for text in texts]
        judged: list[list[Token]] = [[] for _ in ids]
        # The end token is judged like every other, and never read.
        fed = feed(self.engine, [line[:-1] for line in ids], numbers)
        for place, (rows, logits, _) in enumerate(fed, 1):
            following = np.array([ids[i][place] for i in rows], dtype=np.int64)
            read = self.judged_tokens(sampling.judge(logits, following), given=True)
            for i, token in zip(rows, read, strict=True):
                judged[i].append(token)
        return [
            Score(text, tuple(tokens))
            for text, tokens in zip(texts, judged, strict=True)
        ]

    def read_prompt(self, prompt: str) -> PromptReport:
        """Say what a prompt means to the model, before it is used."""
        return read_prompt(prompt, self.tokenizer, self.novelty, self.language)

    def tidy(self, text: str) -> str:
        """Any text as the model reads it."""
        return tidy_prompt(text, self.language)

    def category_id(self, name: str | None) -> int:
        """The number of a category; 0 for None, for "" and for "any" in any case.

        Raises:
            ValueError: the model does not know it; suggests a near one.
        """
        if not name:
            return 0
        names = self.categories
        for known in (name.strip().upper(), name):
            if known in names:
                return names.index(known) + 1
        if name.strip().upper() == "ANY":
            return 0
        close = difflib.get_close_matches(name.upper(), names, n=1, cutoff=0.5)
        hint = f" Did you mean {close[0]!r}?" if close else ""
        raise SettingError(
            f"not one of the model's.{hint} Known: {', '.join(names) or 'none'}.",
            category=name,
        )

    def whole(self, tokens: Sequence[Token]) -> tuple[Token, ...]:
        """Tokens without those at the end that hold parts of a character alone: of one
        that did not get ready before the text was cut."""
        parts = added(token.data for token in tokens)
        end = len(tokens)
        while end and not parts[end - 1]:
            if not self.tokenizer.unfinished([t.id for t in tokens[:end]]):
                break
            end -= 1
        return tuple(tokens[:end])

    def text_of(self, tokens: Sequence[Token]) -> str:
        """The text of tokens, from its first one on; see :meth:`Tokenizer.join`."""
        return self.tokenizer.join(token.data for token in tokens)

    def judged_tokens(self, picked: sampling.Pick, given: bool) -> list[Token]:
        """Tokens with what the model thought of them; ``given``: from the prompt."""
        columns = (picked.tokens, picked.log_probability, picked.rank)
        return [
            Token(
                i,
                self.tokenizer.spelling(i),
                log_probability,
                rank,
                given,
                self.tokenizer.data(i),
            )
            for i, log_probability, rank in zip(
                *(column.tolist() for column in columns), strict=True
            )
        ]

    def _write(self, options: Options, numbers: Sequence[int]) -> list[Text]:
        written: dict[int, list[Token]] = {number: [] for number in numbers}
        ended: dict[int, bool] = {}
        for tokens, finished in self._grow(options, numbers):
            for number, new in tokens.items():
                written[number] += new
            ended |= finished
        texts = {number: self.text_of(tokens) for number, tokens in written.items()}
        novelties = (
            self.novelty.check(list(texts.values()))
            if self.novelty is not None
            else [None] * len(texts)
        )
        prompt = self.tidy(options.prompt)
        return [
            Text(
                number,
                texts[number],
                prompt,
                self.whole(written[number]),
                ended[number],
                new,
                self.language,
            )
            for number, new in zip(texts, novelties, strict=True)
        ]

    def _grow(
        self, options: Options, numbers: Sequence[int]
    ) -> Iterator[tuple[dict[int, list[Token]], dict[int, bool]]]:
        """Write headlines side by side, one token a round.

        Yields:
            Per headline the new tokens, and for those that finished whether they
            ended by themselves.
        """
        category = self.category_id(options.category)
        logits, state, given = self.read(options.prompt, category)
        yield {number: given for number in numbers}, {}
        alive = np.array(numbers, dtype=np.int64)
        logits = np.repeat(logits, len(alive), axis=0)
        state = state.take(np.zeros(len(alive), dtype=np.int64))
        ids = [[token.id for token in given] for _ in alive]
        units = np.zeros(len(alive), dtype=np.int64)
        for step in range(most_steps(options, self.language)):
            context = Context(ids, len(given))
            forbidden = self.forbidden(context, options)
            picked = sampling.pick(
                logits, options, context, forbidden, alive.tolist(), step
            )
            chosen, tokens = picked.tokens, self.judged_tokens(picked, given=False)
            grown: dict[int, list[Token]] = {}
            done: dict[int, bool] = {}
            going = np.zeros(len(alive), dtype=bool)
            for row, (number, token) in enumerate(
                zip(alive.tolist(), tokens, strict=True)
            ):
                fate = self.fate(token, ids[row], units[row], step, options)
                units[row] += fate.new
                if fate.kept:
                    grown[number] = [token]
                if fate.finished:
                    done[number] = token.id == END
                going[row] = not fate.finished
            yield grown, done
            if not going.any():
                return
            if not going.all():
                alive, chosen, state = alive[going], chosen[going], state.take(going)
                units = units[going]
                ids = [row for row, goes in zip(ids, going, strict=True) if goes]
            for so_far, new in zip(ids, chosen.tolist(), strict=True):
                so_far.append(new)
            logits, state = self.engine.step(chosen, state)

    def forbidden(self, context: Context, options: Options) -> Forbidden:
        """What may not follow texts, as :func:`rules.forbid` takes it.

        Args:
            context: the texts so far.
            options: for the words that may be written, and the length limit.

        Raises:
            SettingError: what is asked for is not known of this model's words.
        """
        rule = self.word_lists.rule(options)
        if rule is None:
            return [self.tokenizer.forbidden_after(ids) for ids in context.ids]
        most = most_units(options, self.language) * TOKENS_PER_WORD + context.given
        return [
            rule.allowed(ids, context.given, most - len(ids)) for ids in context.ids
        ]

    def fate(
        self,
        token: Token,
        before: Sequence[int],
        units: int,
        step: int,
        options: Options,
    ) -> Fate:
        """Say what a chosen token does to its headline.

        Args:
            token: the one just chosen.
            before: the ids before it, the prompt's included.
            units: of the text before it (words), after the prompt.
            step: how many tokens were generated before.
            options: for the length limit.
        """
        if token.id == END:
            return Fate(0, kept=True, finished=True)
        near = map(self.tokenizer.data, before[-NEAR:])
        new = self.language.grown(near, token.data)
        most = most_units(options, self.language)
        over = units + new > most
        full = step >= most * TOKENS_PER_WORD - 1 and (
            step == most_steps(options, self.language) - 1
            or not self.tokenizer.unfinished([*before, token.id])
        )
        return Fate(new, kept=not over, finished=over or full)

    def read(
        self, prompt: str, category: int = 0
    ) -> tuple[np.ndarray, State, list[Token]]:
        """Read the start token and a prompt.

        Args:
            prompt: any text up to :data:`textgen.writing.options.LONGEST_PROMPT`
            characters.
            category: its number; 0 for any.

        Returns:
            Logits for the next token ``(1, vocabulary)``, the state, and the prompt's
            tokens with what the model thought of them.

        Raises:
            ValueError: the prompt is too long.
        """
        text = self.tidy(prompt)
        if len(text) > LONGEST_PROMPT:
            raise SettingError(
                f"{len(text):,} characters; at most {LONGEST_PROMPT} are read",
                prompt=prompt,
            )
        pieces = self.tokenizer.pieces(text)
        ids = [START, *(token_id for token_id, _ in pieces)]
        fed = feed(self.engine, [ids], [category])
        _, logits, state = next(fed)
        given = []
        for token_id, data in pieces:
            picked = sampling.judge(logits, np.array([token_id], dtype=np.int64))
            (token,) = self.judged_tokens(picked, given=True)
            # What was typed stays in the text, whatever it is read as.
            given.append(replace(token, data=data))
            _, logits, state = next(fed)
        return logits, state, given
