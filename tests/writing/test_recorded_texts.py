"""What the shipped models write stays the same, to the character.

``tests/writing/recorded_texts.json`` holds what they wrote at forty settings. After a
change that is meant to alter texts: ``python tests/writing/test_recorded_texts.py
--data FILE`` writes it anew, and the commit says why. A text that the dataset holds is
kept as its hash.
"""

import hashlib
import json
from pathlib import Path

import pytest

from textgen import Generator, Options

FILE = Path(__file__).with_name("recorded_texts.json")
MODELS = ("headlines-gru", "headlines-gru-small", "headlines-lstm", "headlines-rnn")
SETTINGS = (
    {"temperature": 0.0, "prompt": "Why"},
    {"temperature": 0.05, "seed": 1},
    {"temperature": 0.7, "seed": 62, "count": 9},
    {"temperature": 1.0, "seed": 173, "category": "POLITICS"},
    {"temperature": 1.3, "seed": 184, "count": 3},
    {"temperature": 2.0, "seed": 5, "max_words": 30},
    {"temperature": 0.9, "seed": 6, "top_k": 20, "prompt": "Zürich 🦉"},
    {"temperature": 1.4, "seed": 7, "top_p": 0.8, "category": "WELLNESS"},
    {"temperature": 1.2, "seed": 8, "min_p": 0.05, "prompt": "“The"},
    {"temperature": 0.6, "seed": 9, "repetition_penalty": 1.3, "max_words": 5},
)


def name_of(model: str, settings: dict) -> str:
    return f"{model} " + json.dumps(settings, ensure_ascii=False)


def fingerprint(text: str) -> str:
    return "sha256 " + hashlib.sha256(text.encode()).hexdigest()


def written(model: str, settings: dict) -> list[str]:
    generator = Generator.load(model)
    return [item.text for item in generator.generate(Options(count=2).but(**settings))]


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
@pytest.mark.parametrize("model", MODELS)
def test_the_same_settings_write_the_same_texts_as_ever(model, settings):
    kept = json.loads(FILE.read_text(encoding="utf-8"))[name_of(model, settings)]
    now = written(model, settings)
    assert [
        fingerprint(text) if old.startswith("sha256 ") else text
        for text, old in zip(now, kept, strict=True)
    ] == kept


def main() -> None:
    import argparse

    from textgen.corpus import news

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="Kaggle's file")
    known = {text.lower() for text in news.read(parser.parse_args().data)["headline"]}
    kept = {
        name_of(model, settings): [
            fingerprint(text) if text.lower() in known else text
            for text in written(model, settings)
        ]
        for model in MODELS
        for settings in SETTINGS
    }
    text = json.dumps(kept, indent=1, ensure_ascii=False) + "\n"
    FILE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
