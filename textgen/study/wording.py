"""What the two rules on words change in what a model writes, in one file of facts.

``python -m benchmarks.words`` writes it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from textgen.storage import DATA, read_facts, write_facts

FILE = DATA / "word_rules.json"
#: What is compared, by name: the options that are on.
RULES: Mapping[str, dict[str, bool]] = {
    "neither": {},
    "real words": {"real_words": True},
    "fit for a class": {"class_safe": True},
    "both": {"real_words": True, "class_safe": True},
}


@dataclass(frozen=True)
class Wording:
    """What was measured of one model.

    Attributes:
        model: its name.
        written: a row per temperature and one of :data:`RULES`: ``temperature``,
            ``rules``, and how many ``headlines``, of these how many with a word that is
            ``unknown`` (stands nowhere in the training set) and with one that is
            ``avoided``; ``words`` of all.
        cost: by rules the ``median`` milliseconds of 32 texts of 20 tokens, and how
            much ``more`` that is than with neither, as a share.
        first_use: by rules the milliseconds that the first text takes longer.
        machine: on which the times were taken.
    """

    model: str
    written: Sequence[Mapping[str, Any]]
    cost: Mapping[str, Mapping[str, float]]
    first_use: Mapping[str, float]
    machine: str

    def temperatures(self) -> list[float]:
        """Those that were measured, in order."""
        return sorted({row["temperature"] for row in self.written})

    def share(self, temperature: float, rules: str, kind: str) -> float:
        """How many texts hold such a word.

        Args:
            temperature: one of :meth:`temperatures`.
            rules: one of :data:`RULES`.
            kind: ``"unknown"`` or ``"avoided"``.
        """
        (row,) = (
            row
            for row in self.written
            if (row["temperature"], row["rules"]) == (temperature, rules)
        )
        return row[kind] / row["headlines"]


def load(model: str, path: Path = FILE) -> Wording | None:
    """Read what :func:`save` wrote; None where this model was not measured.

    Raises:
        FactsError: the file is damaged.
    """
    if not path.is_file():
        return None
    facts = read_facts(path, [field.name for field in fields(Wording)])
    return Wording(**facts) if facts["model"] == model else None


def save(measured: Wording, path: Path = FILE) -> None:
    """Write what was measured into the file of facts, whole."""
    write_facts(path, asdict(measured))
