"""Logits to the next token: opinion divided by temperature, plus luck.

A token's *opinion* is its logit less that of the favourite: 0 for the favourite, ln ½
for a token half as likely. (The favourite is that among the tokens allowed, after the
repetition penalty.) Only differences of logits count, so ``next = argmax over kept
tokens of opinion / T + luck`` with standard Gumbel numbers as luck is exact sampling
from softmax(logits / T) (the Gumbel-max trick: Gumbel, 1954; Maddison et al.,
arXiv:1411.0030). The order of the steps is that of the well-known
libraries: forbid -> repetition penalty -> temperature -> the truncation rules
(:data:`textgen.writing.rules.RULES`) -> luck (:mod:`textgen.writing.luck`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from textgen.writing import rules
from textgen.writing.luck import gumbel, tickets
from textgen.writing.options import Options
from textgen.writing.rules import Context


def shape(
    logits: np.ndarray,
    options: Options,
    context: Context,
    forbidden: rules.Forbidden,
) -> np.ndarray:
    """All steps before luck, in their documented order.

    Args:
        logits: the model's own ``(batch, vocabulary)``; not changed.
        options: temperature, truncation, penalty.
        context: what else the rules may look at.
        forbidden: ids that must not be chosen, per headline.

    Returns:
        Opinions divided by T, -inf where a token is out ``(batch, vocabulary)``.
    """
    x = rules.forbid(logits, forbidden)
    x = rules.penalise_repetition(x, context.ids, options.repetition_penalty)
    x = rules.apply_temperature(x, options.temperature)
    return rules.truncate(x, options, context)


def choose(
    shaped: np.ndarray, seed: int, headlines: Sequence[int], step: int
) -> np.ndarray:
    """Add luck and take the longest bar.

    Args:
        shaped: from :func:`shape` ``(batch, vocabulary)``.
        seed: which luck.
        headlines: the number of each headline of the batch.
        step: how many tokens were generated before.

    Returns:
        Token ids ``(batch,)`` int64.
    """
    size = shaped.shape[-1]
    ticket = tickets(seed, headlines, step, size)
    # Only tokens that could win need their luck worked out. A token that is c or more
    # behind the first of those left, whose luck is g, can only beat it with luck above
    # g + c, that is, with a ticket w below e^-(g + c), since luck is at most -log(w).
    # Any c is right; this one leaves a hundred or so of 8,000 tokens, hot or cold.
    rows = np.arange(len(shaped))
    favourite = shaped.argmax(axis=-1)
    near = np.clip(-0.2 * shaped[:, ::16].mean(axis=-1), 0.5, 4.5)
    least = gumbel(ticket[rows, favourite]) + near
    limit = np.minimum(np.exp(-least) * (2.0**32 * 1.001) + 1.0, 2.0**32 - 1.0)
    hopeful = ticket <= limit.astype(np.uint32)[:, None]
    ahead = shaped[rows, favourite] - near.astype(shaped.dtype)
    hopeful |= shaped > ahead[:, None]
    hopeful[rows, favourite] = True
    row, token = np.divmod(np.flatnonzero(hopeful), size)
    bars = shaped[row, token].astype(np.float64) + gumbel(ticket[row, token])
    # Every row has its favourite among them, so each has a first; of equal bars the
    # lower id wins, as with argmax.
    first = np.searchsorted(row, rows)
    longest = np.maximum.reduceat(bars, first)
    winners = np.flatnonzero(bars == longest[row])
    return token[winners[np.searchsorted(row[winners], rows)]]


@dataclass(frozen=True)
class Pick:
    """Chosen tokens, and what the model itself thought of them (T = 1, untruncated).

    Attributes:
        tokens: ids ``(batch,)``.
        log_probability: natural logarithms ``(batch,)`` float32.
        rank: 1 for the favourite ``(batch,)``.
    """

    tokens: np.ndarray
    log_probability: np.ndarray
    rank: np.ndarray


def judge(
    logits: np.ndarray, tokens: np.ndarray, rows: np.ndarray | None = None
) -> Pick:
    """Look up the log-probability and the rank of tokens.

    Args:
        logits: log-probabilities ``(batch, vocabulary)``.
        tokens: ids ``(tokens,)``.
        rows: which row each is of ``(tokens,)``; by default one of each.
    """
    rows = np.arange(len(logits)) if rows is None else rows
    chosen = logits[rows, tokens]
    ahead = [
        np.count_nonzero(logits[row] > own)
        for row, own in zip(rows, chosen, strict=True)
    ]
    return Pick(tokens, chosen, 1 + np.array(ahead, dtype=np.int64))


def pick(
    logits: np.ndarray,
    options: Options,
    context: Context,
    forbidden: rules.Forbidden,
    headlines: Sequence[int],
    step: int,
) -> Pick:
    """Choose the next token of each headline: :func:`shape`, :func:`choose`,
    :func:`judge`.

    Args:
        logits: log-probabilities ``(batch, vocabulary)``; not changed.
        options: the settings.
        context: what else the rules may look at.
        forbidden: ids that must not be chosen, per headline.
        headlines: the number of each headline of the batch.
        step: how many tokens were generated before.
    """
    shaped = shape(logits, options, context, forbidden)
    return judge(logits, choose(shaped, options.seed, headlines, step))
