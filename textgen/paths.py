"""Where things lie in the project's folder."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
MODELS = ROOT / "assets" / "models"
RUNS = ROOT / "runs"
DEFAULT_MODEL = "headlines-gru"
