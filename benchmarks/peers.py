"""Train the peers on our data, for as long as ours: ``python -m benchmarks.peers``.

``python -m benchmarks.peers NAME --data FILE --minutes 70`` trains one of
:data:`PEERS`, measures it on test, has it write, and records its row in
``benchmarks/results/quality.csv``. It needs ``pip install -r
benchmarks/requirements.txt``. A run that is cut off goes on where it was when the same
command is given again; its checkpoints lie in ``runs/peers/``.

The transformer's learning rate falls over the minutes given, so that its run is a
finished one. The character peers' does not heed them: given more minutes, theirs go on.
``--pilot SHARE`` trains on that share of the headlines instead, measures on validation
and adds a row to ``benchmarks/results/pilots.csv``: that is how the transformer's
learning rate, dropout and shape were chosen.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import save_file

from benchmarks import quality, writing
from benchmarks.torch_models import (
    LEAD,
    CharacterPeer,
    Peer,
    TorchEngine,
    TransformerPeer,
    has_fast_bfloat16,
)
from textgen import Generator
from textgen.corpus import news
from textgen.corpus.levels import CharacterTokenizer
from textgen.corpus.novelty import NoveltyIndex
from textgen.corpus.tokenizer import END, PAD, UNKNOWN, Tokenizer
from textgen.model.bundle import Bundle
from textgen.model.config import Recipe
from textgen.storage import DATA, own_runs, whole_file
from textgen.training import batches

PRECISION = "bfloat16" if has_fast_bfloat16() else "float32"
SAVE_SECONDS = 120
PILOTED = ("pilot", "rate", "dropout", "width", "layers")
CHARACTERS_PER_SUBWORD = 4
# A character that train never had costs its share of all that Unicode assigns.
UNKNOWN_BITS = math.log2(159_801)  # Unicode 17


@dataclass(frozen=True)
class Job:
    """One peer, ready to train.

    Attributes:
        peer: the network.
        tokenizer: its own.
        steps: yields batches for ever, from a step on: how many tokens each asks for,
            and a function that returns its loss.
        optimizer: torch's.
        rate: learning rate at a share (0 to 1) of the time and a number of epochs.
        clip: largest length of the gradient, 0 for none.
        tokens: how the table names them.
        note: how it was trained, and what was not tuned.
    """

    peer: Peer
    tokenizer: Tokenizer
    steps: Callable[[int], Iterator[tuple[int, Callable[[], torch.Tensor]]]]
    optimizer: torch.optim.Optimizer
    rate: Callable[[float, float], float]
    clip: float
    tokens: str
    note: str
    told: bool  # whether it is given the category


def characters(frame, kind: str, chosen: argparse.Namespace) -> Job:
    """char-rnn's LSTM, or the TensorFlow tutorial's GRU."""
    train = list(frame[frame["split"] == "train"]["headline"])
    tokenizer = CharacterTokenizer.train(train, 10_000)
    peer = CharacterPeer(tokenizer.vocabulary_size, kind, tokenizer.encode(LEAD))
    stream = torch.tensor([i for text in train for i in [*tokenizer.encode(text), END]])
    if kind == "lstm":
        optimizer = torch.optim.RMSprop(peer.parameters(), lr=2e-3, alpha=0.95)
        streams = len(stream) // 50
        columns = stream[: 50 * streams].reshape(50, streams)
        per_epoch = (streams - 1) // 50

        def steps(done: int):
            state = None
            for step in range(done, 10**9):
                place = step % per_epoch * 50
                state = None if place == 0 else state
                part = columns[:, place : place + 51]

                def loss(part=part):
                    nonlocal state
                    logits, state = peer.read(part[:, :-1], state)
                    state = tuple(tensor.detach() for tensor in state)
                    return cross_entropy(logits, part[:, 1:])

                yield part[:, 1:].numel(), loss

        def rate(share, epochs):
            return 2e-3 * 0.97 ** max(0.0, math.floor(epochs) - 9)

        note = (
            "char-rnn's defaults: one-hot, 2 LSTM layers of 128, sequences of 50, "
            "batch 50, RMSprop 0.002 falling by 3 % an epoch from the 11th"
        )
        clip = 5.0
    else:
        optimizer = torch.optim.Adam(peer.parameters(), lr=1e-3)
        pieces = stream[: len(stream) // 101 * 101].reshape(-1, 101)
        per_epoch = len(pieces) // 64

        def steps(done: int):
            for step in range(done, 10**9):
                epoch, place = divmod(step, per_epoch)
                order = np.random.default_rng((chosen.seed, epoch)).permutation(
                    len(pieces)
                )
                rows = torch.from_numpy(order[place * 64 : (place + 1) * 64])
                part = pieces[rows]
                yield (
                    part[:, 1:].numel(),
                    lambda p=part: cross_entropy(peer(p[:, :-1]), p[:, 1:]),
                )

        def rate(share, epochs):
            return 1e-3

        note = (
            "the TensorFlow tutorial's recipe: embedding 256, GRU 1024, sequences of "
            "100, batch 64, Adam 0.001"
        )
        clip = 0.0
    return Job(
        peer,
        tokenizer,
        steps,
        optimizer,
        lambda share, step: rate(share, step / per_epoch),
        clip,
        f"{tokenizer.vocabulary_size} characters",
        f"{note}; {PRECISION}; nothing tuned; category not given",
        told=False,
    )


def transformer(frame, chosen: argparse.Namespace) -> Job:
    """GPT-2's architecture over our tokens, with the category."""
    ours = Bundle()
    tokenizer, categories = ours.tokenizer, ours.config.categories
    peer = TransformerPeer(
        tokenizer.vocabulary_size,
        len(categories),
        chosen.width,
        chosen.layers,
        chosen.dropout,
    )
    rows = frame[frame["split"] == "train"]
    if chosen.pilot:
        rows = rows.sample(frac=chosen.pilot, random_state=chosen.seed)
    data = batches.encode(
        list(rows["headline"]), list(rows["category"]), categories, tokenizer
    )
    if not chosen.pilot:
        more = news.descriptions(frame)
        data += batches.encode(
            list(more["text"]),
            list(more["category"]),
            categories,
            tokenizer,
            batches.BEFORE_DESCRIPTION,
        )
    theirs = ours.facts["recipe"]
    recipe = Recipe(
        seed=chosen.seed,
        category_dropout=theirs["category_dropout"],
        description_epochs=theirs["description_epochs"],
    )
    candidates = batches.CandidateSampler(
        data, tokenizer.vocabulary_size, theirs["sampled_words"]
    )
    flat = [p for p in peer.parameters() if p.dim() < 2]
    others = [p for p in peer.parameters() if p.dim() >= 2]
    optimizer = torch.optim.AdamW(
        [
            {"params": others, "weight_decay": 0.1},
            {"params": flat, "weight_decay": 0.0},
        ],
        betas=(0.9, 0.95),
    )

    lengths = np.array([len(row) + 1 for row in data.ids])  # with the end

    def steps(done: int):
        step = 0
        for epoch in itertools.count(1):
            for part in batches.epoch_batches(data, recipe, epoch):
                if step >= done:
                    yield (
                        int(lengths[part].sum()),
                        lambda part=part, step=step: loss(part, step),
                    )
                step += 1

    def loss(part: np.ndarray, step: int) -> torch.Tensor:
        inputs, targets = batches.pad([data.ids[i] for i in part])
        category = data.categories[part].astype(np.int64)
        random = np.random.default_rng((chosen.seed, step))
        category[random.random(len(part)) < recipe.category_dropout] = 0
        tokens = torch.from_numpy(inputs).long()
        described = torch.from_numpy(data.before[part] == batches.BEFORE_DESCRIPTION)
        tokens[:, :1] = peer.opening(torch.from_numpy(category), described)
        drawn = {
            name: torch.from_numpy(values)
            for name, values in candidates.inputs(targets, random).items()
        }
        return peer.sampled_loss(tokens, torch.from_numpy(targets).long(), drawn)

    def rate(share, step):
        return chosen.rate * min(1, (step + 1) / 300) * (1 - 0.99 * share)

    note = (
        f"GPT-2's architecture ({chosen.layers} layers of {chosen.width}), category "
        f"given, our training text (descriptions too), sampled softmax, {PRECISION}; "
        f"AdamW {chosen.rate:g} falling to 1 % of it, dropout {chosen.dropout:g}, "
        "weight decay 0.1; learning rate tried at 4 values, dropout at 3 and shape at "
        "2, in pilots of 4 minutes on one core each (pilots.csv); batch and weight "
        "decay not tuned"
    )
    return Job(
        peer,
        tokenizer,
        steps,
        optimizer,
        rate,
        1.0,
        f"{tokenizer.vocabulary_size} subwords",
        note,
        told=True,
    )


PEERS: dict[str, tuple[str, Callable]] = {
    "char-lstm": (
        "character LSTM (char-rnn)",
        lambda frame, chosen: characters(frame, "lstm", chosen),
    ),
    "char-gru": (
        "character GRU-1024 (TensorFlow tutorial)",
        lambda frame, chosen: characters(frame, "gru", chosen),
    ),
    "transformer": ("transformer (GPT-2 style)", transformer),
}


def cross_entropy(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Mean loss in nats over the targets that are not padding."""
    return torch.nn.functional.cross_entropy(
        logits.reshape(-1, logits.shape[-1]).float(),
        targets.reshape(-1),
        ignore_index=PAD,
    )


class Run:
    """Trains for so many minutes, saving now and then.

    Args:
        job: what to train.
        folder: where its checkpoint lies.
        minutes: of training, those before an interruption included.
        settings: what makes it another run; must equal the checkpoint's.
    """

    def __init__(self, job: Job, folder: Path, minutes: float, settings: dict) -> None:
        self.job, self.file = job, folder / "last.safetensors"
        self.budget, self.settings = 60 * minutes, settings
        self.step, self.seconds = 0, 0.0
        folder.mkdir(parents=True, exist_ok=True)
        if self.file.exists():
            self._restore()

    def train(self) -> None:
        """To the end of the time."""
        job, average, saved = self.job, None, time.monotonic()
        job.peer.train()
        torch.manual_seed(self.settings["seed"] + self.step)
        for _, loss_of in job.steps(self.step):
            share = self.seconds / self.budget
            if share >= 1:
                break
            start = time.monotonic()
            for group in job.optimizer.param_groups:
                group["lr"] = job.rate(share, self.step)
            job.optimizer.zero_grad()
            with torch.autocast("cpu", torch.bfloat16, PRECISION == "bfloat16"):
                loss = loss_of()
            loss.backward()
            if job.clip:
                torch.nn.utils.clip_grad_norm_(job.peer.parameters(), job.clip)
            job.optimizer.step()
            value = float(loss.detach())
            if not math.isfinite(value):
                raise SystemExit(f"the loss became {value} in step {self.step}")
            average = value if average is None else 0.99 * average + 0.01 * value
            self.step += 1
            self.seconds += time.monotonic() - start
            if self.step % 100 == 0:
                print(
                    f"step {self.step}, {self.seconds / 60:.1f} of "
                    f"{self.budget / 60:.0f} min, loss {average:.3f}",
                    flush=True,
                )
            if time.monotonic() - saved > SAVE_SECONDS:
                self._save()
                saved = time.monotonic()
        self._save()

    def tokens_per_second(self) -> float:
        """How fast it was trained: tokens asked for, padding left out."""
        done = itertools.islice(self.job.steps(0), self.step)
        return sum(tokens for tokens, _ in done) / self.seconds

    def _save(self) -> None:
        tensors = {f"weight.{k}": v for k, v in self.job.peer.state_dict().items()}
        for i, kept in self.job.optimizer.state_dict()["state"].items():
            for name, value in kept.items():
                tensors[f"optimizer.{i}.{name}"] = torch.as_tensor(value)
        facts = {"step": self.step, "seconds": self.seconds, "settings": self.settings}
        with whole_file(self.file) as partial:
            # GPT-2 ties its output to its embedding: each gets a copy of its own.
            save_file(
                {name: tensor.clone() for name, tensor in tensors.items()},
                partial,
                metadata={"facts": json.dumps(facts)},
            )

    def _restore(self) -> None:
        weights, kept = {}, {}
        with safe_open(self.file, "pt") as stored:
            facts = json.loads(stored.metadata()["facts"])
            for name in stored.keys():  # noqa: SIM118
                kind, rest = name.split(".", 1)
                if kind == "weight":
                    weights[rest] = stored.get_tensor(name)
                else:
                    i, field = rest.split(".", 1)
                    kept.setdefault(int(i), {})[field] = stored.get_tensor(name)
        if facts["settings"] != self.settings:
            raise SystemExit(
                f"{self.file}: a run with other settings ({facts['settings']}). Remove "
                "its folder, or give the same options."
            )
        self.job.peer.load_state_dict(weights)
        state = self.job.optimizer.state_dict()
        self.job.optimizer.load_state_dict(state | {"state": kept})
        self.step, self.seconds = facts["step"], facts["seconds"]


@torch.inference_mode()
def measure(job: Job, rows, categories: tuple[str, ...]) -> float:
    """Bits per character, characters that train never had paid for."""
    job.peer.eval()
    names = list(rows["category"]) if job.told else None
    data = batches.encode(list(rows["headline"]), names, categories, job.tokenizer)
    nats, unknown = 0.0, 0
    for part in batches.by_length(data, 128):
        inputs, targets = batches.pad([data.ids[i] for i in part])
        opening = job.peer.opening(torch.from_numpy(data.categories[part]).long())
        tokens = torch.cat([opening, torch.from_numpy(inputs[:, 1:]).long()], dim=1)
        logits = job.peer(tokens)[:, opening.shape[1] - 1 :].float()
        nats += float(
            torch.nn.functional.cross_entropy(
                logits.reshape(-1, logits.shape[-1]),
                torch.from_numpy(targets).long().reshape(-1),
                ignore_index=PAD,
                reduction="sum",
            )
        )
        unknown += int((targets == UNKNOWN).sum())
    bits = nats / math.log(2) + unknown * UNKNOWN_BITS
    return bits / float(data.characters.sum())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", choices=PEERS, help="which")
    parser.add_argument("--data", type=Path, required=True, help="the dataset's file")
    parser.add_argument("--minutes", type=float, default=70, help="of training")
    parser.add_argument("--seed", type=int, default=7, help="of weights and order")
    parser.add_argument(
        "--pilot", type=float, help="only try it, on this share of the headlines"
    )
    parser.add_argument(
        "--output", type=Path, default=own_runs() / "peers", help="folder"
    )
    group = parser.add_argument_group("the transformer")
    group.add_argument("--rate", type=float, default=4e-3, help="learning rate")
    group.add_argument("--dropout", type=float, default=0.1, help="share silenced")
    group.add_argument("--width", type=int, default=256, help="of the vectors")
    group.add_argument("--layers", type=int, default=3, help="blocks")
    chosen = parser.parse_args()
    free = {"data", "output"} | (set() if chosen.name == "transformer" else {"minutes"})
    settings = {name: v for name, v in vars(chosen).items() if name not in free}
    torch.manual_seed(chosen.seed)
    frame = news.load(chosen.data)
    title, build = PEERS[chosen.name]
    job = build(frame, chosen)
    folder = chosen.output / chosen.name
    if chosen.pilot:
        folder /= "-".join(f"{settings[name]:g}" for name in PILOTED)
    run = Run(job, folder, chosen.minutes, settings)
    run.train()
    split = "validation" if chosen.pilot else "test"
    categories = Bundle().config.categories
    figure = measure(job, frame[frame["split"] == split], categories)
    print(f"{title}: {figure:.4f} bits per character on {split}, {run.step} steps")
    if chosen.pilot:
        quality.record_pilot(
            {
                "model": chosen.name,
                "train_share": chosen.pilot,
                "minutes": chosen.minutes,
                "threads": torch.get_num_threads(),
                "learning_rate": chosen.rate,
                "dropout": chosen.dropout,
                "width": chosen.width,
                "layers": chosen.layers,
                "steps": run.step,
                "validation_bits_per_character": round(figure, 4),
            }
        )
        return
    generator = Generator(
        TorchEngine(job.peer, categories),
        job.tokenizer,
        NoveltyIndex.load(DATA / "novelty.safetensors"),
    )
    parameters = sum(p.numel() for p in job.peer.parameters())
    # As much text as 20 subwords hold.
    length = quality.TOKENS * (1 if job.told else CHARACTERS_PER_SUBWORD)
    seconds = quality.in_turns({"it": quality.writing(generator, length)}, 5)["it"]
    quality.record(
        {
            "model": title,
            "tokens": job.tokens,
            "parameters": parameters,
            "training_seconds": round(run.seconds),
            "machine": quality.machine(),
            "test_bits_per_character": round(figure, 6),
            "generation_ms": round(1000 * seconds, 1),
            "file_mb": round(4 * parameters / 1e6, 1),
            "seed": chosen.seed,
            "note": f"{job.note}; {run.tokens_per_second():,.0f} tokens/s in training "
            f"on {torch.get_num_threads()} of {os.cpu_count()} cores",
        }
    )
    print(writing.study(title, generator, frame))


if __name__ == "__main__":
    main()
