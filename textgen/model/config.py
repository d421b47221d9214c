"""What a model is and how it was trained: two plain records, saved as JSON.

They live apart from ``network`` and ``training`` so that the app can read them
without importing Keras.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, fields

from textgen.errors import SettingError
from textgen.model.cells import CELLS, GRU

PRECISIONS = ("float32", "bfloat16")
WIDEST = 8192  # more is a slip of the finger: such a layer has 400 million weights


def _check(condition: bool, name: str, value: object, allowed: str) -> None:
    if not condition:
        raise SettingError(f"must be {allowed}", **{name: value})


@dataclass(frozen=True)
class ModelConfig:
    """The shape of a network.

    Raises:
        ValueError: names the field, its value and what is allowed.
    """

    vocabulary_size: int  # ids the tokenizer knows, special ones included
    categories: tuple[str, ...] = ()  # id 0 means "any"; these are 1, 2, …
    cell: str = GRU.key  # one of CELLS
    embedding: int = 256  # width of a token's and a category's vector
    units: int = 640  # width of the hidden state of each layer
    layers: int = 1  # recurrent layers, one upon the other
    dropout: float = 0.2  # share of inputs and outputs silenced in training
    recurrent_dropout: float = 0.0  # share of recurrent weights silenced in each step

    def __post_init__(self) -> None:
        object.__setattr__(self, "categories", tuple(self.categories))
        _check(self.cell in CELLS, "cell", self.cell, f"one of {', '.join(CELLS)}")
        for name, most in (("embedding", WIDEST), ("units", WIDEST), ("layers", 32)):
            value = getattr(self, name)
            _check(1 <= value <= most, name, value, f"from 1 to {most:,}")
        for name in ("dropout", "recurrent_dropout"):
            share = getattr(self, name)
            _check(0 <= share < 1, name, share, "from 0 to below 1")

    @classmethod
    def from_dict(cls, values: dict) -> ModelConfig:
        return cls(**{f.name: values[f.name] for f in fields(cls) if f.name in values})

    def to_dict(self) -> dict:
        return asdict(self) | {"categories": list(self.categories)}


@dataclass(frozen=True)
class Recipe:
    """How to train.

    Raises:
        ValueError: names the field, its value and what is allowed.
    """

    epochs: int = 9  # passes over the train split
    batch_size: int = 128  # headlines per step, of similar length
    learning_rate: float = 2e-3  # at its peak; falls to zero along a cosine
    warmup_steps: int = 300  # steps in which it rises from zero
    weight_decay: float = 0.01  # AdamW's, decoupled
    clip_norm: float = 1.0  # largest length of the whole gradient
    category_dropout: float = 0.15  # share of headlines trained as "any category"
    sampled_words: int = 1024  # softmax candidates per step; 0: the whole vocabulary
    longest: int = 64  # longer headlines (in tokens) are not trained on
    description_epochs: int = 0  # so many first epochs read descriptions as well
    description_share: float = 0.5  # of all descriptions, in each of those epochs
    patience: int = 3  # epochs without a better validation figure before stopping
    precision: str = "float32"  # of the factors of products; bfloat16 may be faster
    seed: int = 7  # of the weights, the order, the dropout and the candidates

    def __post_init__(self) -> None:
        for name in ("epochs", "batch_size", "longest", "patience"):
            _check(getattr(self, name) >= 1, name, getattr(self, name), "at least 1")
        for name in ("learning_rate", "clip_norm"):
            value = getattr(self, name)
            _check(0 < value < math.inf, name, value, "a number above 0")
        for name in (
            "warmup_steps",
            "weight_decay",
            "sampled_words",
            "description_epochs",
        ):
            value = getattr(self, name)
            _check(0 <= value < math.inf, name, value, "a number, 0 or more")
        for name in ("category_dropout", "description_share"):
            share = getattr(self, name)
            _check(0 <= share <= 1, name, share, "from 0 to 1")
        in_range = 0 <= self.seed < 2**32
        _check(in_range, "seed", self.seed, f"from 0 to {2**32 - 1:,}")
        known = f"one of {', '.join(PRECISIONS)}"
        _check(self.precision in PRECISIONS, "precision", self.precision, known)

    @classmethod
    def from_dict(cls, values: dict) -> Recipe:
        return cls(**{f.name: values[f.name] for f in fields(cls) if f.name in values})

    def to_dict(self) -> dict:
        return asdict(self)
