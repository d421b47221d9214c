"""Up to which temperature a rule keeps a token, as β = 1/T."""

from __future__ import annotations

import numpy as np


class Reach:
    """Up to which β = 1/T a rule keeps each token: the colder, the fewer.

    Args:
        most: the largest β at which each token is kept ``(vocabulary,)``: inf for
            always, -inf for never in the interval that was asked for. It may be more
            than that until :meth:`settle` is asked.
    """

    def __init__(self, most: np.ndarray) -> None:
        self.most = most

    def settle(self, token: int) -> float:
        """The exact reach of one token."""
        return float(self.most[token])

    def keeps(self, token: int, beta: float) -> bool:
        """True if a token is kept at a β of the interval."""
        return bool(beta <= self.most[token])


class NucleusReach(Reach):
    """The reach of top-p: a token stays while those ranked before it hold less than p,
    which they do up to one β, found by bisection for the tokens that are asked for."""

    def __init__(self, opinions: np.ndarray, p: float, low: float, high: float) -> None:
        self._p, self._low, self._high = p, low, high
        self._opinions = opinions
        # Sorting takes longest. So, as in keep_top_p, only those that may be in the
        # nucleus where it is hottest and widest, and their opinions without their ids.
        chances = np.exp(opinions * low)
        few = chances >= (1.0 - p) / len(opinions) * chances.sum()
        self._ranked = np.sort(opinions[few])[::-1]
        self._others = opinions[~few]
        widest = self._first(self._size(low))
        super().__init__(np.where(widest, np.inf, -np.inf))
        self._open = widest & ~self._first(self._size(high))

    def settle(self, token: int) -> float:
        if self._open[token]:
            inside, outside = self._low, self._high
            while inside < (middle := 0.5 * (inside + outside)) < outside:
                if self._before(token, middle) < self._p:
                    inside = middle
                else:
                    outside = middle
            self._open[token] = False
            self.most[token] = inside
        return float(self.most[token])

    def keeps(self, token: int, beta: float) -> bool:
        if self._open[token]:
            return self._before(token, beta) < self._p
        return super().keeps(token, beta)

    def _before(self, token: int, beta: float) -> float:
        """How much the tokens that are ranked before this one hold."""
        own = self._opinions[token]
        place = np.count_nonzero(self._opinions > own)
        place += np.count_nonzero(self._opinions[:token] == own)
        e = np.exp(self._ranked * beta)
        held = e[:place].sum()
        return float(held / (e.sum() + np.exp(self._others * beta).sum()))

    def _size(self, beta: float) -> int:
        """How many tokens are in the nucleus."""
        e = np.exp(self._ranked * beta)
        chances = e / (e.sum() + np.exp(self._others * beta).sum())
        return int((np.cumsum(chances) - chances < self._p).sum())

    def _first(self, count: int) -> np.ndarray:
        """Which tokens are the first so many; of equal ones those with lower ids."""
        last = self._ranked[count - 1]
        first = self._opinions > last
        equal = np.flatnonzero(self._opinions == last)
        first[equal[: count - np.count_nonzero(first)]] = True
        return first
