"""Every figure for print, as the pages open: ``python -m textgen figures``."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from matplotlib.figure import Figure

from textgen.corpus import news, summary
from textgen.explain import compare, connectivity, contest, lens, path, posterior, trace
from textgen.model.bundle import Bundle
from textgen.model.cells import GRU
from textgen.model.glass_box import GlassBox
from textgen.study import comparison, probes, sweep
from textgen.views import cell_drawings, figures, lab_figures, model_figures
from textgen.views.charts import CURVES
from textgen.writing.generator import Generator
from textgen.writing.options import OPENING_SEED, Options

OPENING = Options(seed=OPENING_SEED)
COMPARED = (0.0, 0.3, 0.7, 1.0, 1.5)
COLDEST, HOTTEST = 0.05, 3.0


def draw(bundle: Bundle) -> Iterator[tuple[str, Figure]]:
    """Draw every figure.

    Args:
        bundle: the model whose figures to draw; what was not measured of it, or is not
            in it (the gates of another cell than a GRU), is left out.

    Yields:
        The name of a figure, and the figure.
    """
    yield from _dataset()
    yield from _training(bundle)
    yield from _lab(bundle)
    yield from _inside(bundle)


def _dataset() -> Iterator[tuple[str, Figure]]:
    table = summary.load()
    words = table.lengths[table.lengths["unit"] == "words"]
    order = summary.year_order(table.category_years)
    yield "categories", figures.categories(table.categories, news.FACTS)
    yield (
        "category_years",
        figures.category_years(table.category_years, order, news.FACTS),
    )
    yield "lengths", figures.lengths(words, table.facts["median_words"], news.FACTS)


def _training(bundle: Bundle) -> Iterator[tuple[str, Figure]]:
    history = bundle.history()
    for measure in CURVES:
        figure = figures.training_curve(history, measure, bundle.name, bundle.corpus)
        yield f"training_{measure}", figure
    if relatives := comparison.shipped():
        learnt = comparison.curves(relatives, comparison.load())
        for over in ("epoch", "minutes"):
            if over in learnt:
                yield (
                    f"cells_by_{over}",
                    model_figures.sibling_curves(
                        learnt, over, relatives[0].corpus.name
                    ),
                )


def _lab(bundle: Bundle) -> Iterator[tuple[str, Figure]]:
    generator, name = Generator.from_bundle(bundle), bundle.name
    yield "lens", lab_figures.next_word(lens.look(generator, OPENING), OPENING, name)
    steps = contest.contests(generator, OPENING, COLDEST, HOTTEST)
    yield "why", lab_figures.why(steps[0], OPENING, name)
    strands = compare.compare(generator, OPENING.but(count=4), COMPARED)
    yield "same_luck", lab_figures.same_luck(strands, COMPARED, OPENING, name)
    parts = path.path(generator, OPENING, COLDEST, HOTTEST)
    yield "path", lab_figures.path(parts, OPENING, name)
    if facts := sweep.load(bundle):
        t = OPENING.temperature
        yield "quality_diversity", model_figures.quality_diversity(facts, t, name)
        yield "sweep", model_figures.sweep_curves(facts, t, name)


def _inside(bundle: Bundle) -> Iterator[tuple[str, Figure]]:
    config, name = bundle.config, bundle.name
    yield "cells", cell_drawings.draw(config.units, config.embedding)
    if facts := probes.load(bundle):
        yield "jobs", model_figures.jobs(facts, config, name)
    generator = Generator.from_bundle(bundle)
    if names := generator.categories:
        weights = posterior.prior(names, bundle.corpus.labels)
        chances = posterior.posterior(generator, [trace.EXAMPLE], weights)[0]
        order = np.argsort(-chances)[:10]
        yield (
            "category",
            model_figures.category(
                [names[i] for i in order], chances[order], trace.EXAMPLE, name
            ),
        )
    if config.cell == GRU.key:
        glass = Generator.from_bundle(bundle, "reference")
        read = trace.trace(glass, trace.EXAMPLE)
        lengths = connectivity.connectivity(GlassBox(config, bundle.weights), read)[-1]
        source = f"textgen, {name} · {trace.EXAMPLE}"
        last = read.judged_names[-1]
        yield (
            "memory",
            model_figures.connectivity(lengths, read.names, last, source),
        )
