"""Subword level: byte-level BPE."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from textgen.corpus.language import SPACED, Language
from textgen.corpus.tokenizer import LONGEST_CHARACTER, SPECIAL_NAMES, Tokenizer
from textgen.errors import SettingError

if TYPE_CHECKING:
    from tokenizers import Tokenizer as Backend


class SubwordTokenizer(Tokenizer):
    """Byte-level BPE (Hugging Face ``tokenizers``): any Unicode text, no unknowns.

    Frequent words are one token, rare ones several; a byte is the last resort
    (Sennrich et al., arXiv:1508.07909; bytes as in GPT-2). Where words have spaces
    between them, one is put before the text, so that a word is the same token at the
    start and in the middle. No token goes across the border between letters, digits and
    other signs (GPT-2); where there are no spaces, frequent phrases become tokens.
    """

    level = "subword"
    bytewise = True

    def __init__(self, backend: Backend, space_first: bool = True) -> None:
        self._backend = backend
        self.space_first = space_first
        self._offset = len(SPECIAL_NAMES)
        self.vocabulary_size = backend.get_vocab_size() + self._offset
        names = {i: name for name, i in backend.get_vocab().items()}
        self._data = [b""] * self._offset
        self._data += (
            bytes(map(_BYTES.__getitem__, names[i]))
            for i in range(backend.get_vocab_size())
        )

    @classmethod
    def train(
        cls,
        texts: Iterable[str],
        vocabulary_size: int = 8192,
        language: Language = SPACED,
    ) -> SubwordTokenizer:
        """Learn the merges.

        Args:
            texts: training texts, cased, normalised.
            vocabulary_size: ids in all; at least 260 (256 bytes and 4 special ids).
            language: of the texts.

        Raises:
            ValueError: ``vocabulary_size`` is below 260.
        """
        from tokenizers import Tokenizer as Backend
        from tokenizers import decoders, models, pre_tokenizers, trainers

        if vocabulary_size < 260:
            raise SettingError("must be at least 260", vocabulary_size=vocabulary_size)
        backend = Backend(models.BPE())
        backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        backend.decoder = decoders.ByteLevel()
        trainer = trainers.BpeTrainer(
            vocab_size=vocabulary_size - len(SPECIAL_NAMES),
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        )
        before = " " if language.spaced else ""
        backend.train_from_iterator((before + text for text in texts), trainer)
        return cls(backend, language.spaced)

    @classmethod
    def from_json(cls, text: str) -> SubwordTokenizer:
        from tokenizers import Tokenizer as Backend

        found = json.loads(text)
        backend = Backend.from_str(json.dumps(found["bpe"]))
        return cls(backend, found.get("space_first", True))

    def to_json(self) -> str:
        bpe = json.loads(self._backend.to_str())
        found = {"level": self.level, "space_first": self.space_first, "bpe": bpe}
        return json.dumps(found, ensure_ascii=False)

    def encode(self, text: str) -> list[int]:
        if not text:
            return []
        # A lone surrogate is no Unicode text; "?" keeps the rest usable.
        text = text.encode("utf-8", "replace").decode("utf-8")
        before = " " if self.space_first else ""
        return [i + self._offset for i in self._backend.encode(before + text).ids]

    def data(self, token_id: int) -> bytes:
        return self._data[token_id]

    def spelling(self, token_id: int) -> str:
        if token_id < self._offset:
            return SPECIAL_NAMES[token_id]
        # Bytes that are no character come as lone surrogates (PEP 383).
        text = self._data[token_id].decode("utf-8", "surrogateescape")
        return _NO_CHARACTER.sub(_as_numbers, text)

    def whole(self, token_id: int) -> bool:
        try:
            return bool(self._data[token_id].decode().strip())
        except UnicodeDecodeError:
            return False

    def unfinished(self, ids: Sequence[int]) -> bytes:
        tail = b""
        for token_id in reversed(ids):
            tail = self._data[token_id] + tail
            if len(tail) > LONGEST_CHARACTER or (tail and tail[-1] < 0x80):
                break
        for length in range(1, min(LONGEST_CHARACTER, len(tail) + 1)):
            lead = tail[-length]
            if lead >= 0xC0:
                # 110…: two bytes in all, 1110…: three, 11110…: four.
                needed = 2 + (lead >= 0xE0) + (lead >= 0xF0)
                return tail[-length:] if length < needed else b""
            if lead < 0x80:
                break
        return b""


def _bytes_of_letters() -> dict[str, int]:
    """The letters that byte-level BPE writes bytes with, and the bytes they mean.

    Printable Latin-1 stands for itself; the other bytes are numbered from U+0100 on
    (Radford et al., GPT-2, 2019).
    """
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printable]
    return {chr(byte): byte for byte in printable} | {
        chr(0x100 + place): byte for place, byte in enumerate(others)
    }


_BYTES = _bytes_of_letters()
_NO_CHARACTER = re.compile("[\udc80-\udcff]+")


def _as_numbers(found: re.Match[str]) -> str:
    return "⟨" + " ".join(f"{ord(c) - 0xDC00:02X}" for c in found[0]) + "⟩"
