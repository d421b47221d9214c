"""The peers' engines: asked step by step, they say what they say all at once."""

import sys

import numpy as np
import pytest
from conftest import ROOT

from textgen import HeadlineGenerator
from textgen.tokenizer import START, CharacterTokenizer

torch = pytest.importorskip("torch", reason="the peers need torch, the product not")
sys.path.insert(0, str(ROOT / "benchmarks"))

import torch_models  # noqa: E402

TOKENIZER = CharacterTokenizer("abcdefgh ")
SIZE = TOKENIZER.vocabulary_size
CATEGORIES = ("A", "B")


@pytest.fixture(params=["lstm", "gru", "transformer"])
def peer(request):
    torch.manual_seed(0)
    if request.param == "transformer":
        pytest.importorskip("transformers")
        return torch_models.TransformerPeer(SIZE, 2, 32, 2, 0.1).eval()
    lead = TOKENIZER.encode("a b")
    return torch_models.CharacterPeer(SIZE, request.param, lead).eval()


def test_steps_are_the_whole(peer):
    tokens = np.array([[4, 5, 6, 7], [8, 4, 4, 5], [9, 9, 6, 4]])
    categories = np.array([0, 1, 2])
    engine = torch_models.TorchEngine(peer, CATEGORIES)
    state = engine.start(categories)
    logits, state = engine.step(np.full(3, START), state)
    seen = [logits]
    for t in range(tokens.shape[1]):
        # Headlines leave the batch and change places on the way.
        order = np.array([2, 0, 1])
        tokens, categories = tokens[order], categories[order]
        seen = [step[order] for step in seen]
        logits, state = engine.step(tokens[:, t], state.take(order))
        seen.append(logits)
    before = peer.opening(torch.from_numpy(categories))
    whole = peer(torch.cat([before, torch.from_numpy(tokens)], dim=1))
    wanted = torch.log_softmax(whole[:, -5:], dim=-1).detach().numpy()
    assert np.stack(seen, axis=1) == pytest.approx(wanted, abs=1e-5)


def test_our_generator_writes_with_it(peer):
    generator = HeadlineGenerator(torch_models.TorchEngine(peer, CATEGORIES), TOKENIZER)
    four = generator.generate(count=4, seed=3, max_words=3)
    (alone,) = generator.generate(count=1, seed=3, max_words=3)
    assert four[0].text == alone.text
    (score,) = generator.score("abba", "A")
    assert score.log_probability < 0 and len(score.tokens) == 5
