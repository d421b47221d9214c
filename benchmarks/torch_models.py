"""The peers' networks, in torch, each behind the engine that our generator asks for.

An engine is all it takes: :class:`textgen.Generator` then writes with a peer
as it writes with ours, and is measured by the same code.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from textgen.corpus.tokenizer import END, PAD, START
from textgen.model.config import ModelConfig

# Read before a headline by networks that learnt from one long stream of them.
LEAD = "Why Owls Sing In Old Barns"


def has_fast_bfloat16() -> bool:
    """Whether torch multiplies in bfloat16 no slower than in float32 here.

    Without AVX-512 its layers fall to plain code: a GRU forwards and backwards took 22
    times as long as in float32 on a processor with AVX2 alone, a linear layer twice.
    """
    return torch.backends.cpu.get_cpu_capability().startswith("AVX512")


@dataclass(frozen=True)
class Memory:
    """What a network remembers for a batch of headlines.

    Attributes:
        tensors: each ``(batch, …)``.
    """

    tensors: tuple[torch.Tensor, ...]

    def take(self, rows: np.ndarray) -> Memory:
        """That of some headlines, in the order of ``rows``."""
        rows = torch.from_numpy(np.asarray(rows))
        return Memory(tuple(tensor[rows] for tensor in self.tensors))


class Peer(nn.Module):
    """A network that can be trained, and asked step by step.

    ``forward(tokens) -> (batch, time, vocabulary)`` is for training and measuring.
    """

    def opening(self, categories: torch.Tensor) -> torch.Tensor:
        """The tokens read before a headline, ``(batch,) -> (batch, k)``."""
        raise NotImplementedError

    def begin(self, categories: torch.Tensor) -> Memory:
        """What it remembers before the start token ``(batch,)``."""
        raise NotImplementedError

    def step(self, tokens: torch.Tensor, memory: Memory) -> tuple[torch.Tensor, Memory]:
        """Read one token each ``(batch,)``; logits ``(batch, vocabulary)``."""
        raise NotImplementedError


class CharacterPeer(Peer):
    """A recurrent network over one long stream of characters.

    Headlines follow one another with an end between them, as lines of a file do, and
    no category is given.

    Args:
        vocabulary_size: characters, special ids included.
        kind: ``"lstm"``: char-rnn's defaults (Karpathy, 2015: two LSTM layers of 128 on
            one-hot characters). ``"gru"``: the TensorFlow tutorial "Text generation
            with an RNN" (embedding 256, one GRU of 1024).
        lead: ids of :data:`LEAD`.
    """

    def __init__(self, vocabulary_size: int, kind: str, lead: Sequence[int]) -> None:
        super().__init__()
        self.size, self.lead = vocabulary_size, tuple(lead)
        if kind == "lstm":
            self.embedding = None
            self.recurrent = nn.LSTM(vocabulary_size, 128, 2, batch_first=True)
            self.output = nn.Linear(128, vocabulary_size)
        else:
            self.embedding = nn.Embedding(vocabulary_size, 256)
            self.recurrent = nn.GRU(256, 1024, batch_first=True)
            self.output = nn.Linear(1024, vocabulary_size)

    def read(self, tokens, state=None):
        """Logits ``(batch, time, vocabulary)`` and the state after the last token."""
        if self.embedding is None:
            x = nn.functional.one_hot(tokens, self.size).to(self.output.weight.dtype)
        else:
            x = self.embedding(tokens)
        x, state = self.recurrent(x, state)
        return self.output(x), state

    def forward(self, tokens):
        return self.read(tokens)[0]

    def opening(self, categories):
        return torch.tensor([[END, *self.lead, END]]).expand(len(categories), -1)

    def begin(self, categories):
        return self._kept(self.read(self.opening(categories)[:, :-1])[1])

    def step(self, tokens, memory):
        # A headline starts where the one before it ended.
        tokens = torch.where(tokens == START, END, tokens)
        state = tuple(t.transpose(0, 1).contiguous() for t in memory.tensors)
        lstm = isinstance(self.recurrent, nn.LSTM)
        logits, state = self.read(tokens[:, None], state if lstm else state[0])
        return logits[:, 0], self._kept(state)

    @staticmethod
    def _kept(state) -> Memory:
        state = state if isinstance(state, tuple) else (state,)
        return Memory(tuple(tensor.transpose(0, 1) for tensor in state))


class TransformerPeer(Peer):
    """GPT-2's architecture (Hugging Face ``transformers``), trained from scratch.

    The category is a token of its own in place of the start, another one before a
    description (training text only, as for ours).

    Args:
        vocabulary_size: tokens of the text.
        categories: how many; one more token stands for "any".
        width: of the vectors, a multiple of 32 (the width of a head).
        layers: blocks.
        dropout: everywhere GPT-2 has it.
        longest: tokens a headline may have.
    """

    def __init__(
        self,
        vocabulary_size: int,
        categories: int,
        width: int,
        layers: int,
        dropout: float,
        longest: int = 130,
    ) -> None:
        super().__init__()
        from transformers import GPT2Config, GPT2LMHeadModel

        self.size, self.categories = vocabulary_size, categories
        self.gpt = GPT2LMHeadModel(
            GPT2Config(
                vocab_size=vocabulary_size + 2 * (categories + 1),
                n_positions=longest,
                n_embd=width,
                n_layer=layers,
                n_head=width // 32,
                resid_pdrop=dropout,
                embd_pdrop=dropout,
                attn_pdrop=dropout,
                bos_token_id=START,
                eos_token_id=END,
                pad_token_id=PAD,
                use_cache=True,
            )
        )

    def opening(self, categories, described=False):
        return self.size + (categories + described * (self.categories + 1))[:, None]

    def forward(self, tokens):
        # Padding comes after the text and nothing looks ahead, so no mask is needed.
        return self.gpt(tokens).logits[..., : self.size]

    def sampled_loss(self, tokens, targets, drawn):
        """Mean loss in nats by the sampled softmax that ours is trained with.

        Args:
            tokens: ``(batch, time)``.
            targets: ``(batch, time)``; padding counts for nothing.
            drawn: :meth:`textgen.training.batches.CandidateSampler.inputs`, as tensors.
        """
        real = targets != PAD
        queries = self.gpt.transformer(tokens).last_hidden_state[real]
        table, ids = self.gpt.lm_head.weight, targets[real]
        chosen = (queries * table[ids]).sum(-1) - drawn["target_log_expected"][real]
        others = queries @ table[drawn["candidates"]].T
        others = torch.logsumexp(others.float() - drawn["candidate_log_expected"], -1)
        # A target that was drawn stands among them already.
        once = drawn["target_drawn"][real]
        total = torch.where(once, others, torch.logaddexp(others, chosen.float()))
        return (total - chosen.float()).mean()

    def begin(self, categories):
        return Memory((self.opening(categories),))

    def step(self, tokens, memory):
        (read, *past) = memory.tensors
        if not past:
            # The start: the category's token is read in its place.
            return self._read(read, ())
        return self._read(tokens[:, None], past, read)

    def _read(self, tokens, past, before=None):
        from transformers import DynamicCache

        cache = DynamicCache()
        for layer, (keys, values) in enumerate(zip(past[::2], past[1::2], strict=True)):
            cache.update(keys, values, layer)
        answer = self.gpt(tokens, past_key_values=cache, use_cache=True)
        kept = [
            tensor
            for layer in answer.past_key_values.layers
            for tensor in (layer.keys, layer.values)
        ]
        seen = tokens if before is None else torch.cat([before, tokens], dim=1)
        return answer.logits[:, -1, : self.size], Memory((seen, *kept))


class TorchEngine:
    """A peer as a generator's engine.

    Args:
        peer: trained, in evaluation mode.
        categories: names that may be asked for, whether the peer heeds them or not.
    """

    def __init__(self, peer: Peer, categories: Sequence[str]) -> None:
        self.peer = peer.eval()
        self.config = ModelConfig(peer.size, tuple(categories))

    @torch.inference_mode()
    def start(self, categories: np.ndarray) -> Memory:
        return self.peer.begin(torch.from_numpy(np.asarray(categories)).long())

    @torch.inference_mode()
    def step(self, tokens: np.ndarray, state: Memory) -> tuple[np.ndarray, Memory]:
        tokens = torch.from_numpy(np.asarray(tokens)).long()
        logits, memory = self.peer.step(tokens, state)
        # An engine's logits are log-probabilities.
        return torch.log_softmax(logits.float(), dim=-1).numpy(), memory
