"""Headlines from a small recurrent language model, and what temperature does to them.

Importing this package, generating and scoring never import TensorFlow or Keras; only
``textgen.network`` and ``textgen.training`` do.
"""

from textgen.bundle import Bundle
from textgen.errors import TextgenError
from textgen.generator import HeadlineGenerator
from textgen.headline import Headline, Score
from textgen.options import Options

__version__ = "0.1.0"

__all__ = [
    "Bundle",
    "Headline",
    "HeadlineGenerator",
    "Options",
    "Score",
    "TextgenError",
]
