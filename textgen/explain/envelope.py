"""The winners of many contests at once: upper envelopes of lines, row by row.

The same answers as :func:`textgen.explain.contest.choices` gives one by one, where no
rule leaves a token out: there each line goes on for ever.
"""

from __future__ import annotations

import numpy as np

#: More than single precision can be wrong by, where bars are near enough to win.
SLACK = 1e-3


def turns(
    opinions: np.ndarray, luck: np.ndarray, low: np.ndarray, high: np.ndarray
) -> list[list[tuple[float, float, int]]]:
    """The tokens that win each contest, with their stretches of β.

    Args:
        opinions: float32 ``(rows, vocabulary)``, the largest of each row 0.
        luck: float64 ``(rows, vocabulary)``.
        low: where each row's interval of β begins ``(rows,)``.
        high: where it ends.

    Returns:
        For each row ``(from, to, token id)`` from low to high β.
    """
    row, token = _hopeful(opinions, luck, low)
    count = np.bincount(row, minlength=len(opinions))
    place = np.arange(len(row)) - (np.cumsum(count) - count)[row]
    shape = (len(opinions), int(count.max()))
    slopes, heights = np.full(shape, -np.inf), np.full(shape, -np.inf)
    ids = np.zeros(shape, dtype=np.int64)
    slopes[row, place] = opinions[row, token]
    heights[row, place] = luck[row, token]
    ids[row, place] = token
    return _envelopes(slopes, heights, ids, low, high)


def _hopeful(
    opinions: np.ndarray, luck: np.ndarray, low: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Rows and tokens of all bars that might win somewhere; see ``choices``."""
    rows = np.arange(len(opinions))
    least = luck[rows, opinions.argmax(axis=1)]
    with np.errstate(over="ignore"):  # beyond the largest number: no hope at all
        bars = opinions * low.astype(np.float32)[:, None]
        bars += luck
        near = np.flatnonzero(bars >= (least - SLACK).astype(np.float32)[:, None])
    row, token = np.divmod(near, opinions.shape[1])
    exact = opinions[row, token].astype(np.float64) * low[row] + luck[row, token]
    wins = exact >= least[row]
    return row[wins], token[wins]


def _envelopes(
    slopes: np.ndarray,
    heights: np.ndarray,
    ids: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
) -> list[list[tuple[float, float, int]]]:
    found: list[list[tuple[float, float, int]]] = [[] for _ in slopes]
    alive = np.arange(len(slopes))
    at = low
    current = (slopes * at[:, None] + heights).argmax(axis=1)
    start = at
    while len(alive):
        rows = np.arange(len(alive))
        slope, height = slopes[rows, current], heights[rows, current]
        # Only a steeper line can overtake, since slopes are what β multiplies.
        steeper = slopes > slope[:, None]
        rise = np.where(steeper, slopes - slope[:, None], 1.0)
        meet = np.where(steeper, (height[:, None] - heights) / rise, np.inf)
        meet[~(meet > at[:, None])] = np.inf
        rival = meet.argmin(axis=1)
        turn = meet[rows, rival]
        last = turn >= high
        ended = np.where(last, high, turn)
        for i, begin, end, winner, done in zip(
            alive.tolist(),
            start.tolist(),
            ended.tolist(),
            ids[rows, current].tolist(),
            last.tolist(),
            strict=True,
        ):
            if done or end > begin:
                found[i].append((begin, end, winner))
        going = ~last
        alive, slopes, heights, ids = (
            part[going] for part in (alive, slopes, heights, ids)
        )
        at, current, high = turn[going], rival[going], high[going]
        start = at
    return found
