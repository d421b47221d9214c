"""Surgery: hold a GRU's gates, and see what the memory was good for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from textgen.model.bundle import Bundle
from textgen.model.cells import GRU
from textgen.model.glass_box import GlassBox
from textgen.study import likelihood
from textgen.writing.generator import Generator

#: Made-up headlines in the training set's manner, on which the damage is measured.
PATIENTS = (
    "Why The Moon Refuses To Comment On Tuesday",
    "Senate Passes Bill To Rename All Bills",
    "7 Ways To Fold A Chair Without Crying",
    "How To Talk To Your Kids About Soup",
    "The Best Places To Nap In Every State",
    "Trump Says He Never Met The Weather",
    "What Your Favorite Spoon Says About You",
    "Woman Opens Small Museum For Lost Umbrellas",
    "10 Things I Learned From My Goldfish",
    "Scientists Discover A Quieter Kind Of Thunder",
    "My Mother, My Garden And The War On Snails",
    "Police Search For Man Who Returned A Library Book",
    "Is This The End Of The Long Weekend?",
    "Here's What Happens When A City Bans Clocks",
    "Actress Wears Curtains To Award Show, Wins",
    "The Secret To A Happy Marriage Is Two Kitchens",
    "Governor Signs Law Protecting Old Bridges",
    "5 Easy Recipes For People Who Hate Pans",
    "Court Rules That Dogs May Keep Their Names",
    "A Letter To The Teacher Who Made Me Sing",
    "College Students Are Learning To Sleep Again",
    "This Tiny House Is Bigger Than It Looks",
    "Climate Report Warns Of Longer Shadows",
    "The Art Of Saying No To A Third Dessert",
)


@dataclass(frozen=True)
class Operation:
    """What is done to the gates.

    Attributes:
        update: hold the update gate at this value (1 always keeps, 0 always
            overwrites); None leaves it alone.
        reset: hold the reset gate at this value (0 hides the past from the
            candidate); None leaves it alone.
        share: of the units, from 0 to 1.
        order: which of them: ``"slow"`` (those that keep longest first), ``"fast"``
            (those that forget first), or ``"spread"`` (evenly over all).

    Raises:
        ValueError: names the field, its value and what is allowed.
    """

    update: float | None = None
    reset: float | None = None
    share: float = 1.0
    order: str = "slow"

    def __post_init__(self) -> None:
        for name in ("update", "reset", "share"):
            value = getattr(self, name)
            if value is not None and not 0 <= value <= 1:
                raise ValueError(f"{name}={value!r}: must be from 0 to 1")
        if self.order not in ORDERS:
            known = ", ".join(ORDERS)
            raise ValueError(f"order={self.order!r}: must be one of {known}")


ORDERS = ("slow", "fast", "spread")


def operate(bundle: Bundle, operation: Operation, keeping: np.ndarray) -> Generator:
    """The model after the operation, on the reference engine.

    Args:
        bundle: a GRU.
        operation: what to hold.
        keeping: each unit's mean update gate ``(units,)``, from :func:`keeping`.

    Returns:
        A generator; the bundle's own is not changed.

    Raises:
        ValueError: the model is not a GRU.
    """
    if bundle.config.cell != GRU.key:
        raise ValueError(f"{bundle.name} has no update gate: it is not a GRU")
    units = len(keeping)
    count = round(operation.share * units)
    order = np.argsort(-keeping, kind="stable")
    if operation.order == "fast":
        order = order[::-1]
    held = np.zeros(units, dtype=bool)
    if operation.order == "spread":
        held[np.floor(np.arange(count) * units / max(count, 1)).astype(int)] = True
    else:
        held[order[:count]] = True

    def gates(z: np.ndarray, r: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        if operation.update is not None:
            z = np.where(held, np.float32(operation.update), z)
        if operation.reset is not None:
            r = np.where(held, np.float32(operation.reset), r)
        return z, r

    box = GlassBox(bundle.config, bundle.weights, gates)
    return Generator.on(box, bundle)


def bits(generator: Generator) -> float:
    """Bits per character on :data:`PATIENTS`."""
    return likelihood.measure(generator, PATIENTS).bits_per_character


def keeping(generator: Generator) -> np.ndarray:
    """How much each unit of the first layer keeps: its mean update gate.

    Args:
        generator: a GRU on the reference engine.

    Returns:
        ``(units,)``, over all tokens of :data:`PATIENTS`.
    """
    from textgen.explain.trace import trace

    return np.concatenate([trace(generator, text).update for text in PATIENTS]).mean(0)
