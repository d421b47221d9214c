"""What a model is and how it was trained: two plain records, saved as JSON.

They live apart from ``network`` and ``training`` so that the app can read them
without importing Keras.
"""

from __future__ import annotations

import dataclasses
from dataclasses import asdict, dataclass, fields

from textgen.corpus.levels import LEVELS
from textgen.fields import check, choice, number, whole
from textgen.model.cells import CELLS, GRU

PRECISIONS = ("float32", "bfloat16")
SMALLEST_VOCABULARY = 5  # the special signs, and one token to write with
LARGEST_VOCABULARY = 1_000_000
WIDEST = 8192  # more is a slip of the finger: such a layer has 400 million weights


@dataclass(frozen=True)
class ModelConfig:
    """The shape of a network.

    Raises:
        ValueError: a value is out of range; names the field, the value and the range.
        TypeError: a value is of another kind.
    """

    vocabulary_size: int = whole(
        dataclasses.MISSING,
        "Tokens that the model knows, special signs included.",
        SMALLEST_VOCABULARY,
        LARGEST_VOCABULARY,
    )
    categories: tuple[str, ...] = ()  # id 0 means "any"; these are 1, 2, …
    cell: str = choice(GRU.key, "The recurrent cell.", tuple(CELLS))
    embedding: int = whole(256, "Width of a token's vector.", 1, WIDEST)
    units: int = whole(640, "Width of the state of each layer.", 1, WIDEST)
    layers: int = whole(1, "Recurrent layers, one upon the other.", 1, 32)
    dropout: float = number(
        0.2, "Share of inputs and outputs silenced in training.", 0, 1, below=True
    )
    recurrent_dropout: float = number(
        0.0, "Share of recurrent weights silenced in each step.", 0, 1, below=True
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "categories", tuple(self.categories))
        check(self)

    @classmethod
    def from_dict(cls, values: dict) -> ModelConfig:
        return cls(**{f.name: values[f.name] for f in fields(cls) if f.name in values})

    def to_dict(self) -> dict:
        return asdict(self) | {"categories": list(self.categories)}


@dataclass(frozen=True)
class Recipe:
    """How to train.

    Raises:
        ValueError: a value is out of range; names the field, the value and the range.
        TypeError: a value is of another kind.
    """

    level: str = choice("subword", "What a token is.", tuple(LEVELS))
    vocabulary_size: int = whole(
        8192,
        "Tokens to learn, at most; special signs count.",
        SMALLEST_VOCABULARY,
        LARGEST_VOCABULARY,
    )
    limit: int = whole(0, "Train on so many texts only. 0: on all.")
    epochs: int = whole(9, "Passes over the texts to train on.", 1)
    batch_size: int = whole(128, "Texts per step, of similar length.", 1)
    learning_rate: float = number(
        2e-3, "At its peak; it falls to zero along a cosine.", 0, above=True
    )
    warmup_steps: int = whole(300, "Steps in which the learning rate rises from zero.")
    weight_decay: float = number(0.01, "AdamW's, decoupled.")
    clip_norm: float = number(
        1.0, "Largest length of the whole gradient.", 0, above=True
    )
    category_dropout: float = number(
        0.15, "Share of texts that are read as of any category.", 0, 1
    )
    sampled_words: int = whole(
        1024, "Tokens that the right one is compared with. 0: the whole vocabulary."
    )
    longest: int = whole(64, "Texts of more tokens are not trained on.", 1)
    description_epochs: int = whole(
        0, "So many first epochs read the articles' descriptions as well."
    )
    description_share: float = number(
        0.5, "Of all descriptions, in each of those epochs.", 0, 1
    )
    patience: int = whole(
        3, "Epochs without a better validation figure before training ends.", 1
    )
    precision: str = choice(
        "float32",
        "Of the factors of products. The second is faster on some processors.",
        PRECISIONS,
    )
    seed: int = whole(7, "Of weights, order, dropout and candidates.", 0, 2**32 - 1)

    def __post_init__(self) -> None:
        check(self)

    @classmethod
    def from_dict(cls, values: dict) -> Recipe:
        return cls(**{f.name: values[f.name] for f in fields(cls) if f.name in values})

    def to_dict(self) -> dict:
        return asdict(self)
