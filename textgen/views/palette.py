"""The colours that mean something, the same in every view."""

from __future__ import annotations

import math

OPINION, LUCK = "#3f7fc1", "#d9822b"  # wherever the two meet
#: Update gate, reset gate, candidate, state: the same in strips, equations, figures.
GATES = {
    "update": "#7a5bb8",
    "reset": "#2e8f6e",
    "candidate": "#c2556e",
    "state": "#a8841c",
}
_COLD, _NEUTRAL, _HOT = (0x2F, 0x6F, 0xB7), (0x8F, 0x8B, 0x84), (0xD2, 0x4F, 0x2A)


def temperature_colour(temperature: float) -> str:
    """Blue when cold, grey at T = 1, orange-red when hot (safe for the colour-blind).

    Args:
        temperature: T; the scale is logarithmic and ends at 1/4 and 4, so that
            halving and doubling are equally far from grey.

    Returns:
        A hex colour.
    """
    if temperature <= 0.25:
        place = -1.0
    else:
        place = max(-1.0, min(1.0, math.log(temperature) / math.log(4)))
    end = _COLD if place < 0 else _HOT
    share = abs(place) ** 0.6  # leave grey early, so that 0.7 and 1.3 can be told apart
    mixed = (round(n + (e - n) * share) for n, e in zip(_NEUTRAL, end, strict=True))
    return "#" + "".join(f"{value:02x}" for value in mixed)
