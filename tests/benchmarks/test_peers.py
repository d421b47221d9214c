"""The peers' engines: asked step by step, they say what they say all at once."""

import numpy as np
import pytest

from textgen import Generator
from textgen.corpus.levels import CharacterTokenizer
from textgen.corpus.tokenizer import PAD, START
from textgen.training import batches

torch = pytest.importorskip("torch", reason="the peers need torch, the product not")

from benchmarks import torch_models  # noqa: E402

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
    generator = Generator(torch_models.TorchEngine(peer, CATEGORIES), TOKENIZER)
    four = generator.generate(count=4, seed=3, max_words=3)
    (alone,) = generator.generate(count=1, seed=3, max_words=3)
    assert four[0].text == alone.text
    (score,) = generator.score("abba", "A")
    assert score.log_probability < 0 and len(score.tokens) == 5


def test_the_sampled_loss_over_all_words_is_the_whole_loss():
    pytest.importorskip("transformers")
    torch.manual_seed(0)
    peer = torch_models.TransformerPeer(SIZE, 2, 32, 2, 0.0).eval()
    data = batches.encode(["abba", "had a bed", "a"], None, CATEGORIES, TOKENIZER)
    inputs, targets = batches.pad(data.ids)
    everything = batches.CandidateSampler(data, SIZE, SIZE)
    drawn = everything.inputs(targets, np.random.default_rng(0))
    drawn = {name: torch.from_numpy(values) for name, values in drawn.items()}
    tokens, targets = torch.from_numpy(inputs).long(), torch.from_numpy(targets).long()
    tokens[:, :1] = peer.opening(torch.tensor([0, 1, 2]), torch.tensor([False] * 3))
    whole = torch.nn.functional.cross_entropy(
        peer(tokens).reshape(-1, SIZE), targets.reshape(-1), ignore_index=PAD
    )
    found = peer.sampled_loss(tokens, targets, drawn)
    assert float(found) == pytest.approx(float(whole), abs=1e-5)


def test_a_description_opens_otherwise_than_a_headline():
    pytest.importorskip("transformers")
    peer = torch_models.TransformerPeer(SIZE, 2, 32, 2, 0.0)
    categories, described = torch.tensor([0, 2, 0, 2]), torch.tensor([0, 0, 1, 1]) == 1
    opened = peer.opening(categories, described)[:, 0].tolist()
    assert opened == [SIZE, SIZE + 2, SIZE + 3, SIZE + 5]
    assert peer.gpt.config.vocab_size == SIZE + 6
