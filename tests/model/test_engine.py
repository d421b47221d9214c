"""One loop feeds an engine texts token by token, whoever asks."""

import ast

import numpy as np
import pytest
from conftest import ROOT, SpellingEngine

from textgen.corpus.tokenizer import START
from textgen.model.engine import feed


def test_texts_that_are_read_leave_the_batch():
    engine = SpellingEngine()
    texts = [[START, 4, 5], [START], [START, 6]]
    answers = list(feed(engine, texts, [0, 1, 2]))
    assert [answer.rows.tolist() for answer in answers] == [[0, 1, 2], [0, 2], [0]]
    assert engine.batches == [3, 2, 1]
    for place, (rows, logits, state) in enumerate(answers, 1):
        assert len(logits) == len(rows)
        assert state.category.tolist() == rows.tolist()
        # This engine counts what it has read.
        assert (state.hidden == place).all()


def test_nothing_to_read_is_read_in_no_step():
    engine = SpellingEngine()
    assert list(feed(engine, [], [])) == []
    assert list(feed(engine, [[], []], [0, 0])) == []
    assert engine.batches == []


def test_an_answer_is_made_only_when_it_is_asked_for():
    engine = SpellingEngine()
    fed = feed(engine, [[START, 4, 5]], [0])
    next(fed)
    assert engine.batches == [1]


@pytest.mark.parametrize("lengths", [(9, 1, 4), (2, 2, 7)])
def test_a_text_is_read_alike_alone_and_among_others(generator, lengths):
    random = np.random.default_rng(4)
    size = generator.engine.config.vocabulary_size
    texts = [[START, *random.integers(4, size, n).tolist()] for n in lengths]
    together = [[] for _ in texts]
    for rows, logits, state in feed(generator.engine, texts, [0, 3, 7]):
        for i, row in enumerate(rows):
            together[row].append((logits[i], state.hidden[i]))
    for text, category, found in zip(texts, [0, 3, 7], together, strict=True):
        alone = list(feed(generator.engine, [text], [category]))
        assert len(found) == len(alone) == len(text)
        for (logits, hidden), answer in zip(found, alone, strict=True):
            assert np.array_equal(logits, answer.logits[0])
            assert np.array_equal(hidden, answer.state.hidden[0])


def test_nobody_else_feeds_a_text_by_hand():
    """Writing and the path choose the next token themselves; all others know it."""
    found = set()
    for path in sorted((ROOT / "textgen").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = node.func if isinstance(node, ast.Call) else None
            if isinstance(called, ast.Attribute) and called.attr == "step":
                found.add(path.relative_to(ROOT / "textgen").as_posix())
    assert found == {"model/engine.py", "writing/generator.py", "explain/path.py"}
