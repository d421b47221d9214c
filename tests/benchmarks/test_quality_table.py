"""The table of finished runs, and the peers that can be checked by hand."""

import re

import numpy as np
import pytest

from benchmarks import ngram, quality
from textgen import Generator
from textgen.corpus.levels import CharacterTokenizer
from textgen.corpus.tokenizer import END, PAD, START
from textgen.model import card
from textgen.model.bundle import Bundle, available

A, B, C = 5, 6, 7
SIZE = 9
LINES = [[A, B], [A, B, C], [A, C], [B], [A, B, A, B, C, C], [C]]


def every_next(context):
    """A window for each next token after a context of up to four tokens."""
    following = [i for i in range(SIZE) if i not in (PAD, START)]
    padded = ([-1] * 4 + list(context))[-4:]
    return np.array([[*padded, token] for token in following])


@pytest.mark.parametrize("longest", [1, 2, 3, 4, 5])
@pytest.mark.parametrize(
    "context",
    [[START], [START, A], [START, A, B], [A, B, A, B], [START, 8], [8, 8, 8, 8]],
    ids=str,
)
def test_kneser_ney_is_a_distribution(longest, context):
    model = ngram.KneserNey(ngram.windows(LINES), SIZE, longest)
    chances = model.probabilities(every_next(context))
    assert (chances >= 0).all()
    assert chances.sum() == pytest.approx(1)


def test_kneser_ney_as_worked_by_hand():
    # Two headlines: "A B", "A C". Bigrams: S A 2, A B 1, A C 1, B E 1, C E 1.
    model = ngram.KneserNey(ngram.windows([[A, B], [A, C]]), SIZE, 2)
    # Before A, B and C one token each stands, before the end two: continuation counts
    # A 1 (after the start), B 1, C 1, end 2, in all 5.
    low = 3 / (3 + 2 * 1)  # n1 = 3 (A, B, C), n2 = 1 (the end)
    high = 4 / (4 + 2 * 1)  # n1 = 4 bigrams, n2 = 1
    uniform = 1 / (SIZE - 2)
    unigram_b = (1 - low + low * 4 * uniform) / 5
    wanted = (1 - high + high * 2 * unigram_b) / 2
    row = np.array([[-1, -1, START, A, B]])
    assert model.probabilities(row)[0] == pytest.approx(wanted)


def test_kneser_ney_writes_by_its_chances():
    """Asked by our generator, it gives each headline the chance it gives it itself."""
    model = ngram.KneserNey(ngram.windows(LINES), SIZE, 5)
    tokenizer = CharacterTokenizer("vabcd")
    generator = Generator(ngram.Engine(model, ("X",)), tokenizer)
    for text in ("ab", "abc", "ba", "c"):
        (score,) = generator.score(text)
        table = ngram.windows([tokenizer.encode(text)])
        wanted = np.log(model.probabilities(table)).sum()
        assert score.log_probability == pytest.approx(wanted, abs=1e-4)
    written = generator.generate(count=20, temperature=1.0, max_words=3)
    assert {item.text[:1] for item in written} <= {"a", "b", "c", "d", "v", ""}
    assert len({item.text for item in written}) > 3


def test_windows_begin_with_the_start():
    rows = ngram.windows([[A, B]])
    assert rows.tolist() == [
        [-1, -1, -1, START, A],
        [-1, -1, START, A, B],
        [-1, START, A, B, END],
    ]


def test_a_run_replaces_its_last_figures(tmp_path, monkeypatch):
    monkeypatch.setattr(quality, "TABLE", tmp_path / "quality.csv")
    row = dict.fromkeys(quality.COLUMNS, "") | {"model": "m", "seed": 1}
    quality.record(row | {"test_bits_per_character": 2.0})
    quality.record(row | {"model": "n", "test_bits_per_character": 1.5})
    quality.record(row | {"test_bits_per_character": 1.0})
    figures = [(r["model"], r["test_bits_per_character"]) for r in quality.rows()]
    assert figures == [("m", "1.0"), ("n", "1.5")]
    assert [path.name for path in tmp_path.iterdir()] == ["quality.csv"]


def test_every_shipped_run_is_logged_once_however_often_it_is_recorded(
    tmp_path, monkeypatch, bundle
):
    monkeypatch.setattr(quality, "LOG", tmp_path / "runs.csv")
    for _ in range(2):
        quality.log(bundle)
    (row,) = quality.read(quality.LOG)
    assert row["command"] == bundle.facts["training"]["command"]
    curve = [float(value) for value in row["validation_by_epoch"].split()]
    assert len(curve) == bundle.facts["training"]["epochs"]
    best = bundle.facts["figures"]["validation_bits_per_character"]
    assert min(curve) == pytest.approx(best, rel=0.005)  # of float32 and of int8
    logged = {row["command"] for row in quality.read(quality.TABLE.parent / "runs.csv")}
    assert {Bundle(name).facts["training"]["command"] for name in available()} <= logged


def test_the_table_says_of_ours_what_the_bundles_say():
    ours = {r["model"]: r for r in quality.rows() if r["note"].startswith(quality.OURS)}
    assert {*ours} == {*available()}
    for name, row in ours.items():
        facts = Bundle(name).facts
        figure = facts["figures"]["test_bits_per_character"]
        assert float(row["test_bits_per_character"]) == pytest.approx(figure, abs=1e-6)
        assert int(row["parameters"]) == facts["training"]["parameters"]
        assert int(row["training_seconds"]) == facts["training"]["seconds"]


def test_pilots_are_kept_once(tmp_path, monkeypatch):
    monkeypatch.setattr(quality, "PILOTS", tmp_path / "pilots.csv")
    row = dict.fromkeys(quality.PILOT_COLUMNS, 1)
    quality.record_pilot(row)
    quality.record_pilot(row | {"learning_rate": 0.5})
    quality.record_pilot(row)
    rates = [r["learning_rate"] for r in quality.read(quality.PILOTS)]
    assert rates == ["1", "0.5"]


def test_the_transformer_took_its_best_pilots():
    (peer,) = [r for r in quality.rows() if r["model"].startswith("transformer")]
    for name in ("learning_rate", "dropout"):
        rows = [r for r in quality.read(quality.PILOTS) if r["model"] == "transformer"]
        # Those that differ in this alone.
        alike = [
            key for key in quality.PILOT_COLUMNS[:-2] if key not in (name, "steps")
        ]
        groups = {}
        for row in rows:
            groups.setdefault(tuple(row[key] for key in alike), []).append(row)
        tried = max(groups.values(), key=len)
        assert len(tried) >= 3
        best = min(tried, key=lambda r: float(r["validation_bits_per_character"]))
        said = {"learning_rate": "AdamW", "dropout": "dropout"}[name]
        assert f"{said} {float(best[name]):g}" in peer["note"]


def test_every_row_names_machine_and_what_was_not_tuned():
    for row in quality.rows():
        assert {*row} == {*quality.COLUMNS}
        assert row["machine"] and row["note"]
        assert 0.5 < float(row["test_bits_per_character"]) < 5


def test_the_readme_holds_the_figures_as_measured():
    from benchmarks import readme

    text = readme.README.read_text(encoding="utf-8")
    assert readme.filled(text) == text, "run: python -m benchmarks.readme"


def test_the_card_holds_them_too(bundle):
    from benchmarks import readme

    rows = readme.peers_for_card()
    assert bundle.facts["peers"] == rows, "run: python -m benchmarks.readme"
    text = bundle.model_card()
    for row in rows:
        assert f"{row['test_bits_per_character']:.4f}" in text
    assert f"| **{bundle.name}** | " in text


@pytest.mark.parametrize("name", available())
def test_every_card_is_what_its_facts_say(name):
    model = Bundle(name)
    assert model.model_card() == card.write(model.facts), "python -m benchmarks.readme"


def test_a_short_training_is_not_said_to_take_no_time(bundle):
    assert card.minutes(18) == "0.3" and card.minutes(5381) == "90"
    (row,) = re.findall(r"\| Kneser-Ney.*", bundle.model_card())
    assert row.split("|")[4].strip() == "0.3"


def test_what_share_of_the_machine_a_run_had_is_said(bundle):
    from benchmarks import readme

    notes = {row["model"]: row["note"] for row in readme._one_each()}
    for peer in readme.peers_for_card():
        note = notes[peer["model"]]
        shared = "1 of 2" if "2 runs at once" in note or "1 of 2 cores" in note else ""
        assert peer["cores"] == shared
        minutes = card.minutes(peer["training_seconds"])
        said = f"{minutes} (1 of 2 cores)" if shared else minutes
        for text in (readme.README.read_text(encoding="utf-8"), bundle.model_card()):
            (row,) = re.findall(rf"\| \**{re.escape(peer['model'])}\** \|.*\d", text)[
                :1
            ]
            assert f"| {said} |" in row


def test_a_readme_without_a_place_is_named():
    from benchmarks import readme

    with pytest.raises(ValueError, match="samples"):
        readme.filled("nothing")
