"""Luck: one random number per headline and token, a pure function of where it falls.

It depends only on (seed, headline, step, token): never on the batch, on the temperature
or on the machine. So a headline is the same alone and among others, and two
temperatures with the same luck differ because of temperature alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

_GOLDEN = 0x9E3779B97F4A7C15
_MASK = 0xFFFFFFFFFFFFFFFF


def _mix(value: int) -> int:
    """SplitMix64's finaliser (Steele et al., 2014): 64 bits in, 64 well-mixed out."""
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _MASK
    return value ^ (value >> 31)


@lru_cache(maxsize=8192)
def _key(seed: int, headline: int, step: int) -> int:
    key = _mix((seed + _GOLDEN) & _MASK)
    key = _mix((key ^ (headline + 1) * _GOLDEN) & _MASK)
    return _mix((key ^ (step + 1) * _GOLDEN) & _MASK) & 0xFFFFFFFF


def _scramble(x: np.ndarray) -> np.ndarray:
    """A 32-bit integer hash, in place (Wellons, "Hash prospector", lowbias32)."""
    shifted = x >> np.uint32(16)
    x ^= shifted
    x *= np.uint32(0x7FEB352D)
    np.right_shift(x, np.uint32(15), out=shifted)
    x ^= shifted
    x *= np.uint32(0x846CA68B)
    np.right_shift(x, np.uint32(16), out=shifted)
    x ^= shifted
    return x


@lru_cache(maxsize=4)
def _token_hashes(vocabulary_size: int) -> np.ndarray:
    return _scramble(
        np.arange(vocabulary_size, dtype=np.uint32) * np.uint32(0x9E3779B9)
        + np.uint32(1)
    )


def tickets(
    seed: int, headlines: Sequence[int], step: int, vocabulary_size: int
) -> np.ndarray:
    """One random 32-bit number per headline and token.

    It depends only on (seed, headline, step, token): never on the batch, on the
    temperature or on the machine. Small tickets are lucky.

    Args:
        seed: which luck.
        headlines: numbers of the headlines.
        step: how many tokens were generated before.
        vocabulary_size: ids in all.

    Returns:
        uint32 ``(headlines, vocabulary)``.
    """
    keys = np.array([_key(seed, h, step) for h in headlines], dtype=np.uint32)
    return _scramble(_token_hashes(vocabulary_size)[None, :] ^ keys[:, None])


def gumbel(ticket: np.ndarray) -> np.ndarray:
    """Turn tickets into standard Gumbel numbers, float64, between -3.1 and 22.9.

    -log(-log(1 - w)) with w uniform in (0, 1).
    """
    w = (ticket.astype(np.float64) + 0.5) / 2.0**32
    return -np.log(-np.log1p(-w))


def luck(
    seed: int, headlines: Sequence[int], step: int, vocabulary_size: int
) -> np.ndarray:
    """Standard Gumbel numbers ``(headlines, vocabulary)``; see :func:`tickets`."""
    return gumbel(tickets(seed, headlines, step, vocabulary_size))
