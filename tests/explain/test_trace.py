"""The opened network, against Keras on the shipped weights."""

import json
import re

import numpy as np
import pytest
from conftest import run_cli

from textgen.explain import connectivity, trace
from textgen.views import typeset_gates
from textgen.writing.chances import entropy
from textgen.writing.generator import Generator

TEXTS = [
    "Why The Moon Refuses To Comment On Tuesday",
    "‘I Was A Teenage Lighthouse’ (PHOTOS)",
    "",
]


@pytest.fixture(scope="module")
def glass(bundle) -> Generator:
    return Generator.from_bundle(bundle, "reference")


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("category", [None, "SCIENCE"])
def test_a_trace_agrees_with_score(glass, generator, text, category):
    read = trace.trace(glass, text, category)
    (score,) = glass.score(text, category)
    assert [t.id for t in read.judged] == [t.id for t in score.tokens]
    for ours, theirs in zip(read.judged, score.tokens, strict=True):
        assert ours.log_probability == pytest.approx(theirs.log_probability, abs=1e-5)
        assert ours.rank == theirs.rank
    (fast,) = generator.score(text, category)
    assert sum(t.log_probability for t in read.judged) == pytest.approx(
        fast.log_probability, rel=0.02
    )


def test_states_are_made_of_the_gates(glass):
    read = trace.trace(glass, TEXTS[0])
    before = np.vstack([np.zeros_like(read.state[:1]), read.state[:-1]])
    made = read.update * before + (1 - read.update) * read.candidate
    np.testing.assert_allclose(made, read.state, atol=1e-6)
    assert ((read.update >= 0) & (read.update <= 1)).all()
    assert ((read.reset >= 0) & (read.reset <= 1)).all()
    assert (np.abs(read.state) <= 1).all()


def test_the_category_is_added_to_every_token_and_the_page_says_so(bundle, glass):
    any_, science = (trace.trace(glass, TEXTS[0], name) for name in (None, "SCIENCE"))
    table = bundle.weights["category"]
    added = table[science.category] - table[0]
    assert np.abs(added).max() > 0.01
    wanted = np.tile(added, (len(any_.ids), 1))
    np.testing.assert_allclose(science.inputs - any_.inputs, wanted, atol=1e-6)

    lengths = connectivity.connectivity(glass.engine, science)
    memory = typeset_gates.connected(science, lengths[-1], len(lengths) - 1)
    assert "carries the category" not in memory
    assert "category's vector is added to every token" in memory
    worked = trace.equations(glass.engine, science, 1, 3)
    page = typeset_gates.equations(worked)
    assert page.count("from the word and its category") == 2
    assert "from the word," not in page


def test_entropy_is_that_of_the_distribution(glass):
    read = trace.trace(glass, "How To")
    logits, _, _ = glass.read("How To")
    wanted = entropy(np.exp(logits.astype(np.float64)))[0]
    assert read.entropy[-1] == pytest.approx(wanted, abs=1e-5)


@pytest.mark.parametrize("unit", [0, 17, 639])
@pytest.mark.parametrize("token", [0, 1, 5])
def test_equations_add_up_to_what_is_shown(glass, unit, token):
    read = trace.trace(glass, TEXTS[0])
    e = trace.equations(glass.engine, read, token, unit)

    def sigmoid(x):
        return 1 / (1 + np.exp(-x))

    assert sigmoid(sum(e.update_sums)) == pytest.approx(e.update, abs=1e-5)
    assert sigmoid(sum(e.reset_sums)) == pytest.approx(e.reset, abs=1e-5)
    made = np.tanh(e.candidate_sums[0] + e.reset * e.candidate_sums[1])
    assert made == pytest.approx(e.candidate, abs=1e-5)
    after = e.update * e.before + (1 - e.update) * e.candidate
    assert after == pytest.approx(e.after, abs=1e-6)


def test_every_printed_sum_adds_up(glass):
    read = trace.trace(glass, TEXTS[0])
    number = r"\(?(−?\d+\.\d{3})\)?"
    two = re.compile(rf"{number} \+ {number}\)? = (?:tanh\()?{number}")
    three = re.compile(rf"σ\({number} \+ {number} \+ {number}\) = σ\({number}\)")
    for token in range(len(read.ids)):
        for unit in range(0, 768, 5):
            worked = trace.equations(glass.engine, read, token, unit)
            page = re.sub("<[^>]+>", "", typeset_gates.equations(worked))
            sums = [*two.findall(page), *three.findall(page)]
            assert len(sums) == 4, page
            for line in sums:
                *parts, total = (float(text.replace("−", "-")) for text in line)
                assert round(sum(parts), 9) == total
            after = (
                worked.update * worked.before,
                (1 - worked.update) * worked.candidate,
            )
            rounded = typeset_gates.adding_up(after, worked.after)
            assert rounded == pytest.approx(after, abs=1e-3)


def test_only_a_gru_on_the_reference_engine_is_opened(generator, glass):
    with pytest.raises(ValueError, match="reference engine"):
        trace.trace(generator, "Why")
    with pytest.raises(ValueError, match="layer=3"):
        trace.trace(glass, "Why", layer=3)
    with pytest.raises(ValueError, match="Did you mean"):
        trace.trace(glass, "Why", "SCIENC")


def test_the_command_agrees_with_the_library(glass):
    done = run_cli("explain", "Owls Sing At Night", "--category", "ARTS", "--json")
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)
    (score,) = glass.score("Owls Sing At Night", "ARTS")
    assert len(rows) == len(score.tokens)
    for row, token in zip(rows, score.tokens, strict=True):
        assert row["log_probability"] == pytest.approx(token.log_probability, abs=1e-5)
        assert row["rank"] == token.rank
        assert row["entropy"] > 0
    assert rows[-1]["text"] == ""
    assert rows[-1]["mean_update_gate"] is None
    assert 0 < rows[0]["mean_update_gate"] < 1
    assert 0 < rows[0]["mean_reset_gate"] < 1


def test_a_token_that_is_a_blank_is_not_called_the_start(glass):
    """A number in a headline is often a space and digits, two tokens."""
    read = trace.trace(glass, "Why 0 Owls")
    assert " " in read.texts
    assert read.names.count("(start)") == 1
    assert read.names[read.texts.index(" ")] == "(space)"
    assert len(read.names) == len(read.texts)
    assert read.judged_names[:-1] == read.names[1:]
    assert read.judged_names[-1] == "the end"
