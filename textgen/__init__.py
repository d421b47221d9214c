"""Headlines from a small recurrent language model, and what temperature does to them.

Importing this package loads nothing but itself: each name is fetched when it is asked
for. Generating and scoring never import TensorFlow or Keras; training alone does.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textgen.errors import TextgenError
    from textgen.model.bundle import Bundle
    from textgen.writing.generator import Generator
    from textgen.writing.options import Options
    from textgen.writing.text import Score, Text

__version__ = "0.2.0"

_HOMES = {
    "Bundle": "model.bundle",
    "Text": "writing.text",
    "Generator": "writing.generator",
    "Options": "writing.options",
    "Score": "writing.text",
    "TextgenError": "errors",
}

__all__ = [
    "Bundle",
    "Text",
    "Generator",
    "Options",
    "Score",
    "TextgenError",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return [*globals(), *__all__]
