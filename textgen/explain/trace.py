"""Inside the network: what every gate did at every token.

From the real weights, in NumPy; the glass box (:mod:`textgen.model.glass_box`)
computes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from textgen.corpus.tokenizer import END, START, piece_name
from textgen.model.cells import GRU, Gates
from textgen.model.engine import State, feed
from textgen.model.glass_box import GlassBox
from textgen.writing import chances, sampling
from textgen.writing.generator import Generator
from textgen.writing.text import Token

GATES = ("update", "reset", "candidate", "state")
EXAMPLE = "Why The Moon Refuses To Comment On Tuesday"  # a made-up headline to open


@dataclass(frozen=True)
class Trace:
    """What happened inside while a text was read, token by token.

    The first token read is the start sign; the last one judged is the end sign, which
    is never read. So row i of the gates belongs to ``texts[i]``, and ``judged[i]`` is
    the token that came after it.

    Attributes:
        ids: of the tokens read, the start sign first ``(read,)``.
        texts: their spellings; empty for the start sign.
        judged: what the model thought of each next token, the end sign last.
        entropy: bits, of the distribution that each judged token was picked from
            ``(read,)``.
        inputs: the vectors read: each token's plus the category's
            ``(read, embedding)``.
        update: the update gate z of one layer ``(read, units)``: 1 keeps, 0 overwrites.
        reset: the reset gate r ``(read, units)``: 1 shows the past, 0 hides it.
        candidate: what might be written, h̃ ``(read, units)``.
        state: what was remembered after the token, h ``(read, units)``.
        layer: which layer the gates belong to.
        category: its number; 0 for any.
    """

    ids: np.ndarray
    texts: tuple[str, ...]
    judged: tuple[Token, ...]
    entropy: np.ndarray
    inputs: np.ndarray
    update: np.ndarray
    reset: np.ndarray
    candidate: np.ndarray
    state: np.ndarray
    layer: int
    category: int

    @property
    def names(self) -> list[str]:
        """What to call each token read."""
        return ["(start)", *map(piece_name, self.texts[1:])]

    @property
    def judged_names(self) -> list[str]:
        """What to call each token judged, the end last."""
        return [*(piece_name(token.text) for token in self.judged[:-1]), "the end"]

    def to_dict(self) -> list[dict]:
        """One record per token of the text and the end sign, for JSON.

        The gates are those of reading that token; the end sign is never read.
        """
        return [
            {
                "text": token.text if token.id != END else "",
                "log_probability": token.log_probability,
                "rank": token.rank,
                "mean_update_gate": float(self.update[i + 1].mean()) if read else None,
                "mean_reset_gate": float(self.reset[i + 1].mean()) if read else None,
                "entropy": float(self.entropy[i]),
            }
            for i, token in enumerate(self.judged)
            for read in [i + 1 < len(self.ids)]
        ]


class _Opened:
    """The glass box as an engine that keeps the gates of its last step.

    Args:
        box: the network.

    Attributes:
        gates: of each layer.
    """

    def __init__(self, box: GlassBox) -> None:
        self.config, self._box = box.config, box
        self.start = box.start
        self.gates: list[Gates] = []

    def step(self, tokens: np.ndarray, state: State) -> tuple[np.ndarray, State]:
        logits, state, self.gates = self._box.explain(tokens, state)
        return logits, state


def trace(
    generator: Generator,
    text: str,
    category: str | None = None,
    layer: int = 0,
) -> Trace:
    """Read a text with every gate open to view.

    Args:
        generator: a GRU on the reference engine (the glass box).
        text: any text.
        category: its name, or None for any.
        layer: whose gates.

    Raises:
        ValueError: the model is not a GRU, or the category or the layer is unknown.
    """
    box = generator.engine
    if not isinstance(box, GlassBox) or box.config.cell != GRU.key:
        raise ValueError("the gates are those of a GRU on the reference engine")
    if not 0 <= layer < box.config.layers:
        raise ValueError(f"layer={layer}: this model has {box.config.layers}")
    number = generator.category_id(category)
    text_ids = generator.tokenizer.encode(generator.tidy(text))
    ids = np.array([START, *text_ids], dtype=np.int64)
    rows: dict[str, list[np.ndarray]] = {name: [] for name in GATES}
    judged, entropy = [], []
    opened = _Opened(box)
    fed = feed(opened, [[START, *text_ids]], [number])
    for token, (_, logits, state) in zip([*text_ids, END], fed, strict=True):
        for name, row in opened.gates[layer].items():
            rows[name].append(row[0])
        rows["state"].append(state.hidden[0, layer])
        following = np.array([token])
        judged += generator.judged_tokens(sampling.judge(logits, following), given=True)
        entropy.append(float(chances.entropy(np.exp(logits.astype(np.float64)))[0]))
    spell = generator.tokenizer.spelling
    return Trace(
        ids,
        ("", *(spell(int(i)) for i in text_ids)),
        tuple(judged),
        np.array(entropy),
        box.inputs(ids, np.full(len(ids), number)),
        **{name: np.array(rows[name]) for name in GATES},
        layer=layer,
        category=number,
    )


@dataclass(frozen=True)
class Equations:
    """The four equations of one unit at one token, with the numbers in them.

    Attributes:
        update_sums: what the update gate adds up: from the input (the token's vector
            plus the category's), from the state, and the bias.
        reset_sums: the same for the reset gate.
        candidate_sums: from the input with its bias, and from the state with its bias
            (before the reset gate).
        update: z.
        reset: r.
        candidate: h̃.
        before: h before the token.
        after: h after it.
    """

    update_sums: tuple[float, float, float]
    reset_sums: tuple[float, float, float]
    candidate_sums: tuple[float, float]
    update: float
    reset: float
    candidate: float
    before: float
    after: float


def equations(box: GlassBox, read: Trace, token: int, unit: int) -> Equations:
    """Work one unit out by hand.

    Args:
        box: the network; its first layer is shown.
        read: from :func:`trace`, of layer 0.
        token: which of the tokens read.
        unit: which unit.
    """
    kernel, recurrent, bias = box.layer_weights(0)
    units = box.config.units
    x = read.inputs[token].astype(np.float64)
    before = read.state[token - 1] if token else np.zeros(units, dtype=np.float32)
    from_x, from_h = {}, {}
    for i, name in enumerate(("update", "reset", "candidate")):
        column = i * units + unit
        from_x[name] = float(x @ kernel[:, column])
        from_h[name] = float(before.astype(np.float64) @ recurrent[:, column])
        bias_x, bias_h = float(bias[0, column]), float(bias[1, column])
        if name == "candidate":
            from_x[name] += bias_x
            from_h[name] += bias_h
        else:
            from_x[name + " bias"] = bias_x + bias_h
    return Equations(
        (from_x["update"], from_h["update"], from_x["update bias"]),
        (from_x["reset"], from_h["reset"], from_x["reset bias"]),
        (from_x["candidate"], from_h["candidate"]),
        float(read.update[token, unit]),
        float(read.reset[token, unit]),
        float(read.candidate[token, unit]),
        float(before[unit]),
        float(read.state[token, unit]),
    )
