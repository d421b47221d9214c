"""Units with a job: what single units of a trained GRU keep track of.

A unit has a job when its value alone tells something about the text: each unit is
scored by how well a simple probe (scikit-learn) reads the property off it, on headlines
that the probe was not fitted on.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from textgen import evaluation, posterior
from textgen.bundle import Bundle
from textgen.generator import HeadlineGenerator
from textgen.gru import GlassBox
from textgen.tokenizer import PAD, START, Tokenizer, added

FILE = "probes.json"
SEED = 7  # of the draw of headlines
HEADLINES = 10_000  # half to fit the probes on, half to score them
SHOWN = 8  # units per job
BATCH = 64
LEAST = {"position": 0.3, "other": 0.7}  # R² and AUC below which nothing is a job

#: What a unit may track: its name for people, and how good is scored.
JOBS = {
    "position": ("How many words have gone by", "R²"),
    "capital": ("The word just read began with a capital", "AUC"),
    "quotation": ("A quotation mark is open", "AUC"),
    "bracket": ("A bracket is open", "AUC"),
    "category": ("One category rather than all others", "AUC"),
}


def labels(pieces: Sequence[str]) -> dict[str, list[float]]:
    """What is true after each token of a headline.

    Args:
        pieces: what each of its tokens adds to the text, in order.

    Returns:
        Per job one value per token; category is not among them.
    """
    found: dict[str, list[float]] = {
        name: [] for name in ("position", "capital", "quotation", "bracket")
    }
    text, word, single = "", "", False
    for piece in pieces:
        text += piece
        for c in piece:
            if c.isspace():
                word = ""
            # An apostrophe inside a word is no quotation mark.
            if c == "‘":
                single = True
            elif c == "’" and single and word:
                single = False
            word = "" if c.isspace() else word + c
        words = text.split()
        last = words[-1].lstrip("‘'\"“(") if words else ""
        found["position"].append(float(len(words)))
        found["capital"].append(float(last[:1].isupper()))
        opened = text.count("“") > text.count("”") or text.count('"') % 2 == 1
        found["quotation"].append(float(opened or single))
        found["bracket"].append(float(text.count("(") > text.count(")")))
    return found


def read_states(
    box: GlassBox, tokenizer: Tokenizer, frame: pd.DataFrame
) -> tuple[np.ndarray, dict[str, np.ndarray], np.ndarray]:
    """Read headlines, as any category, and keep every state.

    Args:
        box: the network.
        tokenizer: the model's.
        frame: ``headline`` and ``category``.

    Returns:
        The states after each token ``(tokens, units)``, what is true there, per key of
        :data:`JOBS` ``(tokens,)``, and which headline each belongs to ``(tokens,)``.
    """
    ids = [tokenizer.encode(text) for text in frame["headline"]]
    states: list[np.ndarray] = []
    for start in range(0, len(ids), BATCH):
        lines = ids[start : start + BATCH]
        longest = max(map(len, lines))
        table = np.array([line + [PAD] * (longest - len(line)) for line in lines])
        state = box.start(np.zeros(len(lines), dtype=np.int64))
        _, state = box.step(np.full(len(lines), START), state)
        after = []
        for t in range(longest):
            _, state = box.step(table[:, t], state)
            after.append(state.hidden.reshape(len(lines), -1))
        after = np.stack(after, axis=1)  # (headlines, tokens, units)
        states += [rows[: len(line)] for rows, line in zip(after, lines, strict=True)]
    found: dict[str, list] = {name: [] for name in JOBS}
    for line, category in zip(ids, frame["category"], strict=True):
        for name, values in labels(added(map(tokenizer.data, line))).items():
            found[name] += values
        found["category"] += [category] * len(line)
    owners = np.repeat(np.arange(len(ids)), [len(line) for line in ids])
    truth = {name: np.array(values) for name, values in found.items()}
    return np.concatenate(states), truth, owners


def probe(
    bundle: Bundle,
    frame: pd.DataFrame,
    headlines: int = HEADLINES,
    show: Callable[[str], None] = lambda line: None,
) -> dict:
    """Find the units with a job, and how well the model tells categories.

    Args:
        bundle: a GRU.
        frame: from :func:`textgen.dataset.load`; probes are fitted and scored on the
            validation split, the categories on the test split.
        headlines: how many to probe on.
        show: told about progress.

    Returns:
        ``jobs``: per key of :data:`JOBS` the best units with their scores, best first,
        and ``all`` of them; how many ``units`` there are, and how many ``without`` a
        job; ``category_accuracy`` of the model and of a TF-IDF classifier.
    """
    from sklearn.linear_model import LinearRegression
    from sklearn.metrics import r2_score, roc_auc_score

    validation = frame[frame["split"] == "validation"]
    # At random: the file is in order of date, and its style changes over the years.
    validation = validation.sample(min(headlines, len(validation)), random_state=SEED)
    show(f"reading {len(validation)} headlines")
    states, truth, owners = read_states(bundle.glass_box, bundle.tokenizer, validation)
    fit = owners < owners.max() / 2
    jobs: dict[str, list[dict]] = {name: [] for name in JOBS}
    for unit in range(states.shape[1]):
        value = states[:, unit]
        model = LinearRegression().fit(value[fit, None], truth["position"][fit])
        guess = model.predict(value[~fit, None])
        r2 = float(r2_score(truth["position"][~fit], guess))
        if r2 >= LEAST["position"]:
            jobs["position"].append({"unit": unit, "score": r2})
        for name in ("capital", "quotation", "bracket"):
            score = _auc(roc_auc_score, truth[name] > 0, value, fit)
            if score >= LEAST["other"]:
                jobs[name].append({"unit": unit, "score": score})
    show("units that know a category")
    jobs["category"] = _category_units(roc_auc_score, states, truth["category"], fit)
    busy = {entry["unit"] for entries in jobs.values() for entry in entries}
    for entries in jobs.values():
        entries.sort(key=lambda entry: -entry["score"])
        for entry in entries:
            entry["score"] = round(entry["score"], 4)
    return {
        "headlines": len(validation),
        "units": states.shape[1],
        "without": states.shape[1] - len(busy),
        "counts": {name: len(entries) for name, entries in jobs.items()},
        "jobs": {name: entries[:SHOWN] for name, entries in jobs.items()},
        "all": jobs,
        "category_accuracy": _accuracies(bundle, frame, show),
    }


def _auc(roc_auc_score, flag: np.ndarray, value: np.ndarray, fit: np.ndarray) -> float:
    """The area under the ROC curve; which way round is chosen on the fitted half."""
    if (
        flag[fit].all()
        or not flag[fit].any()
        or flag[~fit].all()
        or not flag[~fit].any()
    ):
        return 0.5
    sign = 1.0 if roc_auc_score(flag[fit], value[fit]) >= 0.5 else -1.0
    return float(roc_auc_score(flag[~fit], sign * value[~fit]))


def _category_units(
    roc_auc_score, states: np.ndarray, names: np.ndarray, fit: np.ndarray
) -> list[dict]:
    """Per unit the category that it tells best from all others, where it does."""
    found = []
    known = pd.Series(names[fit]).value_counts()
    known = [name for name, count in known.items() if count >= 100]
    if not known:
        return []
    means = np.array([states[fit][names[fit] == name].mean(0) for name in known])
    spread = states[fit].std(0) + 1e-9
    distance = np.abs(means - states[fit].mean(0)) / spread  # (categories, units)
    for unit in range(states.shape[1]):
        # The most distant one on the fitted half; scored on the other.
        name = known[int(distance[:, unit].argmax())]
        score = _auc(roc_auc_score, names == name, states[:, unit], fit)
        if score >= LEAST["other"]:
            found.append({"unit": unit, "score": score, "category": str(name)})
    return found


def _accuracies(bundle: Bundle, frame: pd.DataFrame, show) -> dict:
    splits = {name: rows for name, rows in frame.groupby("split")}
    show("training the TF-IDF classifier")
    named = evaluation.classifier(splits["train"])(list(splits["test"]["headline"]))
    baseline = float(np.mean(np.asarray(named) == splits["test"]["category"]))
    generator = HeadlineGenerator.from_bundle(bundle)
    counts = splits["train"]["category"].value_counts().rename_axis("category")
    weights = posterior.prior(generator.categories, counts.reset_index(name="count"))
    ours = posterior.accuracy(
        generator,
        splits["test"],
        weights,
        lambda done: show(f"categories of {done} of {len(splits['test'])}"),
    )
    return {
        "test_headlines": len(splits["test"]),
        "model": round(ours, 4),
        "tfidf_logistic_regression": round(baseline, 4),
    }


def load(bundle: Bundle) -> dict | None:
    """What :func:`probe` found for a bundle, or None if it was never run."""
    if FILE not in bundle.facts["files"]:
        return None
    return json.loads(bundle.path(FILE).read_text(encoding="utf-8"))


def save(bundle: Bundle, facts: dict) -> Bundle:
    """Put the facts into the bundle, checksum and all; returns it, opened again."""
    return bundle.with_file(FILE, json.dumps(facts, indent=1) + "\n")
