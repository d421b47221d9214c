"""What the tests share: a fake model that spells a word, the real parts, a browser."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks.browser import launch, served, streamlit
from textgen.corpus import news
from textgen.corpus.corpus import CorpusFacts, Noun
from textgen.corpus.language import JAPANESE
from textgen.corpus.levels import CharacterTokenizer
from textgen.corpus.novelty import NoveltyIndex
from textgen.corpus.subword import SubwordTokenizer
from textgen.corpus.tokenizer import END, START
from textgen.model import bundle as bundles
from textgen.model import card
from textgen.model.bundle import Bundle
from textgen.model.config import ModelConfig
from textgen.model.engine import State
from textgen.training import export
from textgen.writing.chances import log_softmax
from textgen.writing.generator import Generator
from textgen.writing.options import Options

ROOT = Path(__file__).resolve().parent.parent
# Tests see what ships, not what the person who runs them has trained.
HOME = tempfile.TemporaryDirectory(prefix="textgen-home-")
os.environ["TEXTGEN_HOME"] = HOME.name
ALPHABET = "abcdefghijklmnopqrstuvwxyz "


class SpellingEngine:
    """A fake network that spells a word: letter after letter, then the end.

    The next letter of the word has logit ``strength``, every other token 0; its state
    counts how far it has come.
    """

    def __init__(self, word: str = "keras sings", strength: float = 50.0) -> None:
        self.tokenizer = CharacterTokenizer(ALPHABET)
        size = self.tokenizer.vocabulary_size
        self.config = ModelConfig(size, ("LOUD", "QUIET"), units=1, embedding=1)
        self.targets = [*self.tokenizer.encode(word), END]
        self.strength = strength
        self.batches: list[int] = []

    def start(self, categories):
        return State.zero(self.config, categories)

    def step(self, tokens, state):
        self.batches.append(len(tokens))
        place = state.hidden[:, 0, 0].astype(int)
        logits = np.zeros((len(tokens), self.config.vocabulary_size), dtype=np.float32)
        for row, at in enumerate(place):
            logits[row, self.targets[min(at, len(self.targets) - 1)]] = self.strength
        logits = log_softmax(logits).astype(np.float32)
        return logits, State(state.category, state.hidden + 1)


def as_app(**settings) -> Options:
    """What a page writes with that was asked for these settings: unlike the library,
    pages say at the outset which words may be written."""
    return Options(**{"real_words": True, "class_safe": True} | settings)


@pytest.fixture
def speller() -> Generator:
    engine = SpellingEngine()
    return Generator(engine, engine.tokenizer)


@pytest.fixture
def babbler() -> Generator:
    """A fake model whose letters are nearly a matter of luck."""
    engine = SpellingEngine(strength=2.0)
    return Generator(engine, engine.tokenizer)


@pytest.fixture(scope="session")
def bundle() -> Bundle:
    """The model that ships."""
    return Bundle()


def other_bundle(
    folder: Path, categories: tuple[str, ...] = (), corpus: CorpusFacts | None = None
) -> Bundle:
    """A small GRU, as one trained on other texts might be.

    Args:
        folder: where to write it.
        categories: that it knows.
        corpus: what it says of its texts; nothing when None.
    """
    small = Bundle("headlines-gru-small")
    config = replace(small.config, categories=categories)
    known = small.weights["category"]
    rows = [0, *(1 + i % (len(known) - 1) for i in range(len(categories)))]
    weights = small.weights | {"category": known[rows]}
    starts = [[START, *small.tokenizer.encode(MADE_UP[0][0])]]
    limits = export.activation_limits(config, weights, starts)
    left_out = ("files", "figures", "corpus", "name", "model")
    facts = {k: v for k, v in small.facts.items() if k not in left_out}
    facts |= {"name": folder.name, "model": config.to_dict()}
    if corpus is not None:
        facts["corpus"] = corpus.to_dict()
    return bundles.write(
        folder,
        facts,
        weights,
        small.tokenizer,
        small.path(bundles.HISTORY),
        small.samples(),
        card.write(facts),
        lambda path: export.write(path, config, weights, limits),
    )


#: Sentences of our own, in a language without spaces.
JAPANESE_LINES = (
    "青い橋の上で三毛猫が歌った。",
    "青い橋の下で三毛猫が眠った。",
    "市長は毎朝、犬とスープを飲む。",
    "「もう遅い」と古い時計が言った。",
    "駅前の本屋は月曜日だけ開いている。",
)


@pytest.fixture(scope="session")
def japanese_bundle(tmp_path_factory) -> Bundle:
    """A tiny GRU that was never trained, as one of Japanese sentences might be."""
    small = Bundle("headlines-gru-small")
    tokenizer = SubwordTokenizer.train(JAPANESE_LINES * 3, 320, JAPANESE)
    config = ModelConfig(tokenizer.vocabulary_size, embedding=8, units=12)
    random = np.random.default_rng(7)
    size, width, units = config.vocabulary_size, config.embedding, config.units
    weights = {
        name: random.normal(0, 0.5, shape).astype(np.float32)
        for name, shape in {
            "embedding": (size, width),
            "category": (1, width),
            "layers.0.kernel": (width, 3 * units),
            "layers.0.recurrent_kernel": (units, 3 * units),
            "layers.0.bias": (2, 3 * units),
            "projection.kernel": (units, width),
            "projection.bias": (width,),
            "output_bias": (size,),
        }.items()
    }
    starts = [[START, *tokenizer.encode(line)] for line in JAPANESE_LINES]
    limits = export.activation_limits(config, weights, starts)
    corpus = CorpusFacts(noun=Noun("sentence", "sentences"), language=JAPANESE)
    kept = ("recipe", "tokenizer", "training", "dataset")
    facts = {name: small.facts[name] for name in kept if name in small.facts}
    return bundles.write(
        tmp_path_factory.mktemp("models") / "japanese",
        facts
        | {"name": "japanese", "model": config.to_dict(), "corpus": corpus.to_dict()},
        weights,
        tokenizer,
        small.path(bundles.HISTORY),
        small.samples(),
        small.model_card(),
        lambda path: export.write(path, config, weights, limits),
        NoveltyIndex.build(JAPANESE_LINES, JAPANESE),
    )


@pytest.fixture(scope="session")
def plain_bundle(tmp_path_factory) -> Bundle:
    """A small GRU that knows no categories, and says nothing of its texts."""
    return other_bundle(tmp_path_factory.mktemp("models") / "plain")


@pytest.fixture(scope="session")
def generator(bundle) -> Generator:
    """The model that ships, on the engine that the app runs."""
    return Generator.from_bundle(bundle)


@pytest.fixture(autouse=True)
def errors_are_raised(request, monkeypatch):
    """An error of a page fails its test, though visitors see no more than a number."""
    if request.path.parent.name != "app_pages":
        return
    from app_parts import guard

    def raise_again(number):
        raise  # what is being handled; nothing is, after an error in a callback

    monkeypatch.setattr(guard, "sorry", raise_again)


def dataset_file() -> Path | None:
    """The real dataset: named by TEXTGEN_DATA, in data/, or beside the checkout."""
    if named := os.environ.get("TEXTGEN_DATA"):
        return Path(named)
    beside = ROOT.parent / "shared" / "data"
    return news.locate() or news.locate(beside)


@pytest.fixture(scope="session")
def real_file() -> Path:
    path = dataset_file()
    if path is None:
        pytest.skip("the real dataset is not here: put Kaggle's file into data/")
    return path


@pytest.fixture(scope="session")
def real_frame(real_file) -> pd.DataFrame:
    """The real dataset, cleaned and split."""
    return news.load(real_file)


MADE_UP = (
    ("Council Votes To Paint Every Bridge Purple", "POLITICS"),
    ("Why Does My Neighbor’s Cat Own A Boat?", "WEIRD NEWS"),
    ("Seven Soups That Changed Nothing (PHOTOS)", "FOOD & DRINK"),
    ("Senator Loses Staring Contest With Owl", "POLITICS"),
    ("A Quiet Week For Trombones", "ARTS"),
    ("The Lamp That Would Not Apologize", "ARTS"),
)


def made_up_dataset(folder: Path, categories: tuple[str, ...] = ()) -> Path:
    """Write a small dataset of made-up headlines in Kaggle's form.

    Args:
        folder: where to.
        categories: a headline of each, instead of those that are made up.
    """
    path = folder / "News_Category_Dataset_v3.json"
    rows = []
    for i in range(max(240, len(categories))):
        headline, category = MADE_UP[i % len(MADE_UP)]
        category = categories[i % len(categories)] if categories else category
        rows.append(
            {
                "link": f"https://example.org/{i}",
                "headline": f"{headline} {i}",
                "category": category,
                "short_description": f"why number {i} sings, and to whom",
                "authors": "",
                "date": f"20{12 + i % 10}-03-0{1 + i % 9}",
            }
        )
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def run_cli(*words: str, **kwargs) -> subprocess.CompletedProcess:
    """Run ``python -m textgen`` as a person would."""
    return subprocess.run(
        [sys.executable, "-m", "textgen", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=kwargs.pop("timeout", 300),
        **kwargs,
    )


@pytest.fixture(scope="session")
def app_url():
    """The real app."""
    with served(streamlit(ROOT / "app.py")) as (url, _):
        yield url


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import Error, sync_playwright

    with sync_playwright() as playwright:
        try:
            opened = launch(playwright)
        except Error as error:
            pytest.fail(
                "no Chromium to test with; `make test` installs one, or run "
                f"`playwright install --with-deps chromium`: {error}"
            )
        yield opened
        opened.close()


@pytest.fixture
def use(monkeypatch):
    """Every page opens another model where it opens the default one.

    What pages keep is kept by a model's name, so nothing may be kept from one to the
    other.
    """
    import streamlit as st

    from app_parts import opening
    from textgen.storage import DEFAULT_MODEL

    def put(bundle):
        st.cache_resource.clear()
        st.cache_data.clear()
        instead = {DEFAULT_MODEL: bundle.folder}
        other = lambda name=DEFAULT_MODEL: Bundle(instead.get(name, name))  # noqa: E731
        monkeypatch.setattr(opening, "Bundle", other)

    yield put
    st.cache_resource.clear()
    st.cache_data.clear()
