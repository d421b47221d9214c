"""Charts for print: every one is there, shows what the page shows, and says whose."""

import re
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from conftest import ROOT
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle
from matplotlib.text import Annotation

from textgen.corpus.corpus import CorpusFacts
from textgen.explain import compare, contest, lens
from textgen.explain import path as temperature
from textgen.model.bundle import Bundle
from textgen.study import comparison, probes, sweep
from textgen.views import figures, gallery, lab_figures, model_figures, palette
from textgen.views.charts import CURVES
from textgen.writing.options import Options

OF_NO_MODEL = {"categories", "category_years", "lengths", "cells"}
OPTIONS = Options(temperature=0.9, seed=21, max_words=6, prompt="Why")


def source(figure):
    return " ".join(figure.get_supxlabel().split())


def title(figure):
    return " ".join(figure.get_suptitle().split())


@pytest.fixture(scope="module")
def drawn(bundle):
    return dict(gallery.draw(bundle))


def test_every_download_of_the_app_is_in_the_gallery(drawn):
    offered = set()
    for path in ROOT.glob("app_p*/**/*.py"):
        page = path.read_text(encoding="utf-8")
        offered |= {*re.findall(r'offer_figure\(\s*f?"([^"]+)"', page)}
    assert len(offered) >= 14
    templates = {"training_{measure}": CURVES, "cells_by_{over}": ("epoch", "minutes")}
    wanted = offered - {*templates}
    for template, values in templates.items():
        assert template in offered
        wanted |= {template.split("{")[0] + value for value in values}
    assert set(drawn) == wanted


def test_every_figure_is_a_picture_and_says_whose_it_is(drawn, bundle):
    for name, figure in drawn.items():
        assert figures.render(figure, "png").startswith(b"\x89PNG"), name
        assert b"<svg" in figures.render(figure, "svg")[:600], name
        if name in OF_NO_MODEL:
            continue
        assert len(title(figure)) > 15, name
        named = source(figure)
        if name.startswith("cells_by"):
            assert all(model in named for model in comparison.MODELS)
        else:
            assert re.match(rf"textgen, {bundle.name}\b(?!-)", named), name


def test_another_models_figures_name_that_model():
    other = Bundle("headlines-lstm")
    found = dict(gallery.draw(other))
    assert "memory" not in found, "an LSTM has not the gates of a GRU"
    for name in ("training_loss", "lens", "path", "same_luck", "category"):
        assert "headlines-lstm" in source(found[name]), name
        assert "headlines-gru" not in source(found[name]), name


def test_the_command_draws_what_its_help_says(drawn, tmp_path, capsys):
    from textgen.cli.main import main

    assert main(["figures", "--output", str(tmp_path)]) == 0
    assert {path.name for path in tmp_path.iterdir()} == {
        f"{name}.{kind}" for name in drawn for kind in ("png", "svg")
    }


def test_names_of_categories_stand_on_paper_as_they_are():
    names = ["<b>b</b> $x_{2$ & $y", "haiku 🎉", "l'été à la mer, " * 6]
    figure = model_figures.category(names, [0.5, 0.3, 0.2], "Owls $a_{", "m")
    assert figures.render(figure, "svg")
    labels = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert labels[:2] == names[:2] and len(labels[2]) == 34
    assert title(figure).startswith(
        "“Owls $a_{” is read as <b>b</b> $x_{2$ & $y (50 %)"
    )


def test_hundreds_of_categories_on_paper_say_how_many_are_not_drawn():
    rows = {"category": [f"$author_{{{i}" for i in range(500)], "count": 1}
    table = pd.DataFrame(rows | {"share": 0.002})
    figure = figures.categories(table, CorpusFacts(credits="The tests"))
    assert figures.render(figure, "svg")
    assert title(figure).endswith(
        "499 others share the rest; 440 of them are not drawn"
    )
    assert len(figure.axes[0].get_yticklabels()) == 60
    assert source(figure) == "The tests"


def test_drawing_never_touches_pyplot():
    code = (
        "from textgen.model.bundle import Bundle; from textgen.views import gallery; "
        "list(gallery.draw(Bundle())); "
        "import matplotlib._pylab_helpers as h; print(len(h.Gcf.figs))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "0", done.stderr


def bars(axes):
    return [patch for patch in axes.patches if isinstance(patch, Rectangle)]


def test_the_lens_on_paper_is_the_lens(generator):
    for limits, said in (({}, ""), ({"top_k": 7}, " · top-k 7")):
        options = OPTIONS.but(**limits)
        seen = lens.look(generator, options)
        figure = lab_figures.next_word(seen, options, "m")
        wanted = lens.probabilities(seen, options)
        named = len(seen.texts)
        shown = [bar.get_width() for bar in bars(figure.axes[0])]
        np.testing.assert_allclose(shown[:named], wanted[:named])
        others = [] if limits else [wanted[named:].sum()]  # in one, if any are left
        assert shown[named:] == pytest.approx(others)
        assert source(figure).endswith(f"temperature 0.9{said}")


def test_the_lens_on_paper_names_no_leader_that_was_cut_off(generator):
    options = OPTIONS.but(temperature=2.0, typical_p=0.1)
    seen = lens.look(generator, options)
    assert not lens.probabilities(seen, options)[: len(seen.texts)].any()
    figure = lab_figures.next_word(seen, options, "m")
    assert title(figure).endswith(f"none of the {len(seen.texts)} favourites is left")


def test_the_longest_bar_on_paper_wins(generator):
    step = contest.contests(generator, OPTIONS, 0.05, 3.0)[0]
    figure = lab_figures.why(step, OPTIONS, "m")
    drawn = bars(figure.axes[0])
    half = len(drawn) // 2
    assert to_hex(drawn[0].get_facecolor()) == palette.OPINION
    assert to_hex(drawn[half].get_facecolor()) == palette.LUCK
    widths = np.array([bar.get_width() for bar in drawn])
    sums = widths[:half] + widths[half:]
    best = step.winner(OPTIONS.temperature).text.strip()
    names = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert names[int(np.argmax(sums))] == best
    assert title(figure).startswith(f"“{best}” wins")


def test_the_path_on_paper_has_a_cell_for_every_stretch(generator):
    parts = temperature.path(generator, OPTIONS, 0.05, 3.0)
    figure = lab_figures.path(parts, OPTIONS, "m")
    (axes,) = figure.axes
    cells = bars(axes)
    covered = sum(
        np.log((cell.get_x() + cell.get_width()) / cell.get_x()) for cell in cells
    )
    wanted = sum(
        (len(part.headline.text.split()) - 1) * np.log(part.high / part.low)
        for part in parts
    )
    assert covered == pytest.approx(wanted)
    (headline,) = generator.generate(OPTIONS)
    assert headline.text in axes.get_xlabel()
    assert "seed 21" in source(figure)


def test_the_same_luck_on_paper_marks_the_words_that_differ(generator):
    strands = compare.compare(generator, OPTIONS.but(count=2), (0.3, 1.0, 1.5))
    figure = lab_figures.same_luck(strands, (0.3, 1.0, 1.5), OPTIONS, "m")
    marked = [
        text.get_text()
        for text in figure.findobj(Annotation)
        if text.get_bbox_patch() is not None
    ]
    wanted = [
        item.words[departs].text
        for i in range(3)
        for strand in strands
        for item, departs in [(strand.headlines[i], strand.departs[i])]
        if departs is not None and departs < len(item.words)
    ]
    assert wanted
    assert marked == wanted


def test_what_was_measured_is_drawn_where_it_was(bundle):
    facts = sweep.load(bundle)
    figure = model_figures.quality_diversity(facts, 0.7, "m")
    dots = np.concatenate([c.get_offsets() for c in figure.axes[0].collections])
    wanted = [(1 - row["self_bleu"], row["bleu"]) for row in facts["records"]]
    np.testing.assert_allclose(dots[:-1], wanted)
    figure = model_figures.sweep_curves(facts, 0.7, "m")
    for axes, measure in zip(figure.axes, sweep.MEASURES, strict=True):
        shown = axes.lines[0].get_ydata()
        assert list(shown) == [row[measure] for row in facts["records"]]
    learnt = comparison.curves(comparison.shipped())
    figure = model_figures.sibling_curves(learnt, "epoch", "Texts")
    for line, (cell, rows) in zip(
        figure.axes[0].lines, learnt.groupby("cell", sort=False), strict=True
    ):
        assert list(line.get_ydata()) == list(rows["bits_per_character"])
        assert f"({cell})" in title(figure)
    facts = probes.load(bundle)
    figure = model_figures.jobs(facts, bundle.config, "m")
    for axes, name in zip(figure.axes, probes.JOBS, strict=True):
        ends = [bar.get_x() + bar.get_width() for bar in bars(axes)]
        wanted = [entry["score"] for entry in facts["jobs"][name]]
        np.testing.assert_allclose(ends[: len(wanted)], wanted)


@pytest.mark.filterwarnings("error:constrained_layout", "ignore:Glyph")
@pytest.mark.parametrize("prompt", ["a $x^{2 \\frac", "<b>&amp;", "東京 🦉", "W" * 390])
def test_no_prompt_breaks_a_figure(generator, prompt):
    options = OPTIONS.but(prompt=prompt, max_words=3)
    seen = lens.look(generator, options)
    parts = temperature.path(generator, options, 0.05, 3.0)
    strands = compare.compare(generator, options, (0.5, 1.5))
    for figure in (
        lab_figures.next_word(seen, options, "m"),
        lab_figures.path(parts, options, "m"),
        lab_figures.same_luck(strands, (0.5, 1.5), options, "m"),
        model_figures.connectivity([1.0, 2.0], ["(start)", prompt], prompt, "m"),
        model_figures.category(["ARTS"], [1.0], prompt, "m"),
    ):
        assert figures.render(figure, "png").startswith(b"\x89PNG")
