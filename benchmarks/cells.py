"""GRU, LSTM and simple RNN of one size, and the GRU beside torch's: speed.

``python -m benchmarks.cells`` writes ``benchmarks/results/cells.json`` and ``.md``:
for each model of :data:`textgen.study.comparison.MODELS` tokens per second in training
and milliseconds for 32 headlines of 20 tokens, in turns within one run. With torch
(``pip install -r benchmarks/requirements.txt``) its ``nn.GRU`` takes turns with
Keras' and with ours at the shape of the model that ships. Three kinds of torch: all in
float32; as one trains it in bfloat16, with weights in float32 and products cast by
``autocast``; and weights, states and gates in bfloat16 too, which halves the memory to
move but loses small steps of the optimizer. Ours is of the second kind. The last two
are left out where torch's bfloat16 is slower than its float32.
"""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Callable
from functools import partial

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")  # as `textgen train` has it

import keras
import numpy as np

from benchmarks import RESULTS
from benchmarks.quality import in_turns, writing
from textgen import Generator
from textgen.model.bundle import Bundle
from textgen.model.config import PRECISIONS, ModelConfig, Recipe
from textgen.study import comparison
from textgen.training import recurrence
from textgen.training.network import HeadlineNetwork

BATCH, TIME, SAMPLED = 128, 16, 1024  # of a usual training step
ROUNDS = 12


def training_step(bundle: Bundle) -> Callable[[], None]:
    """One step of training as the model had it, on random tokens."""
    config, recipe = bundle.config, Recipe.from_dict(bundle.facts["recipe"])
    random = np.random.default_rng(0)
    network = HeadlineNetwork(config, recipe.precision)
    optimizer = keras.optimizers.AdamW(1e-4, weight_decay=0.01, global_clipnorm=1.0)
    network.compile(optimizer=optimizer, jit_compile=False)
    tokens = random.integers(3, config.vocabulary_size, (BATCH, TIME)).astype("int32")
    x = {
        "tokens": tokens,
        "category": np.ones(BATCH, "int32"),
        "candidates": random.permutation(config.vocabulary_size)[:SAMPLED].astype(
            "int32"
        ),
        "candidate_log_expected": np.zeros(SAMPLED, "float32"),
        "target_log_expected": np.zeros((BATCH, TIME), "float32"),
        "target_drawn": np.zeros((BATCH, TIME), bool),
    }
    return lambda: network.train_on_batch(x, tokens)


def layers(config: ModelConfig, batch: int) -> dict[str, Callable[[], None]]:
    """A GRU layer forwards and backwards: Keras', as we train it, and torch's."""
    import tensorflow as tf

    random = np.random.default_rng(0)
    x = random.standard_normal((batch, TIME, config.embedding)).astype("float32")
    layer = keras.layers.GRU(config.units, return_sequences=True)
    given = tf.constant(x)
    layer(given)

    def ours(function):
        @tf.function(autograph=False)
        def step():
            with tf.GradientTape() as tape:
                tape.watch(given)
                loss = tf.reduce_sum(function(given) ** 2)
            weights = [variable.value for variable in layer.trainable_variables]
            return tape.gradient(loss, [given, *weights])

        return step

    jobs = {"Keras GRU (TensorFlow), float32": ours(layer)}
    for precision in PRECISIONS:
        unrolled = partial(recurrence.run, layer, precision=precision)
        jobs[f"ours (textgen.training.recurrence), {precision}"] = ours(unrolled)
    try:
        import torch

        from benchmarks.torch_models import has_fast_bfloat16
    except ImportError:
        return jobs
    torch.set_num_threads(os.cpu_count() or 1)

    def theirs(dtype, mixed=False):
        twin = torch.nn.GRU(config.embedding, config.units, batch_first=True).to(dtype)
        given = torch.from_numpy(x).to(dtype).requires_grad_()

        def step() -> None:
            twin.zero_grad()
            given.grad = None
            with torch.autocast("cpu", torch.bfloat16, enabled=mixed):
                states = twin(given)[0]
            (states**2).sum().backward()

        return step

    name = f"torch {torch.__version__.split('+')[0]} nn.GRU"
    jobs[f"{name}, float32"] = theirs(torch.float32)
    if has_fast_bfloat16():
        jobs[f"{name}, autocast to bfloat16"] = theirs(torch.float32, True)
        jobs[f"{name}, all of it bfloat16"] = theirs(torch.bfloat16)
    return jobs


def main() -> None:
    bundles = comparison.shipped()
    trained = in_turns({b.name: training_step(b) for b in bundles}, ROUNDS)
    generators = {b.name: Generator.from_bundle(b) for b in bundles}
    written = in_turns(
        {name: writing(generator) for name, generator in generators.items()}, ROUNDS
    )
    large = Bundle()
    batch = large.facts["recipe"]["batch_size"]
    single = in_turns(layers(large.config, batch), ROUNDS)
    tokens = BATCH * TIME
    results = {
        "date": time.strftime("%Y-%m-%d"),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}",
        "models": {
            b.name: {
                "train_tokens_per_second": round(tokens / trained[b.name]),
                "generation_milliseconds": round(1000 * written[b.name], 1),
            }
            for b in bundles
        },
        "one_gru_layer_tokens_per_second": {
            name: round(batch * TIME / seconds) for name, seconds in single.items()
        },
    }
    folder = RESULTS
    text = json.dumps(results, indent=1) + "\n"
    (folder / "cells.json").write_text(text, encoding="utf-8")
    lines = [
        "| model | tokens/s in training | ms per 32 × 20 tokens |",
        "|---|---|---|",
    ]
    for name, values in results["models"].items():
        speed, cost = values.values()
        lines.append(f"| {name} | {speed:,} | {cost:.1f} |")
    config = large.config
    lines += [
        "",
        f"| one GRU layer, {config.embedding} to {config.units}, {batch} headlines at "
        "a time, forwards and backwards | tokens/s |",
        "|---|---|",
    ]
    for name, speed in results["one_gru_layer_tokens_per_second"].items():
        lines.append(f"| {name} | {speed:,} |")
    lines += [
        "",
        f"Medians of {ROUNDS} turns, batches of {BATCH} × {TIME} tokens, "
        f"{SAMPLED} sampled candidates; {results['machine']}, {results['date']}.",
    ]
    table = "\n".join(lines) + "\n"
    (folder / "cells.md").write_text(table, encoding="utf-8")
    print(table)


if __name__ == "__main__":
    main()
