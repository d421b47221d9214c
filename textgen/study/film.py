"""What the model wrote after each epoch, from untrained on: the training film."""

from __future__ import annotations

from collections.abc import Container, Iterable

from textgen.corpus.language import Language
from textgen.writing.generator import Generator
from textgen.writing.options import OPENING_SEED, Options

TEMPERATURES = (0.0, 0.2, 0.7, 1.0)  # 0 is greedy
HEADLINES = 4  # per temperature
SHARE = 7 / 8  # of the length that is usual: 14 words


def known_headlines(
    headlines: Iterable[str], language: Language
) -> set[tuple[str, ...]]:
    """The form in which :func:`frames` compares headlines with the dataset's."""
    return {tuple(language.compared(text)) for text in headlines}


def frames(
    generator: Generator, epoch: int, known: Container[tuple[str, ...]] = ()
) -> list[dict]:
    """Write the samples of one epoch, with the same luck as in every other epoch.

    A headline that stands in the dataset is left out, since no sentence of it may be
    passed on; how many were left out is said.

    Args:
        generator: the model after this epoch.
        epoch: its number; 0 is untrained.
        known: from :func:`known_headlines`.

    Returns:
        One record per temperature: ``epoch``, ``temperature``, ``headlines`` (list of
        ``{"text", "ended"}``) and ``left_out``.
    """
    records = []
    for temperature in TEMPERATURES:
        options = Options(
            temperature=temperature,
            count=1 if temperature == 0 else 2 * HEADLINES,
            max_words=round(SHARE * generator.language.lengths[1]),
            seed=OPENING_SEED,
        )
        kept: list[dict] = []
        left_out = 0
        for headline in generator.generate(options):
            if tuple(generator.language.compared(headline.text)) in known:
                left_out += 1
            elif len(kept) < HEADLINES:
                kept.append({"text": headline.text, "ended": headline.ended})
        records.append(
            {
                "epoch": epoch,
                "temperature": temperature,
                "headlines": kept,
                "left_out": left_out,
            }
        )
    return records
