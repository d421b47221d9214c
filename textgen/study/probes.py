"""Units with a job: what single units of a trained GRU keep track of.

A unit has a job when its value tells something about the text: each unit is scored by
how well a simple probe (scikit-learn) reads the property off its value alone, on
headlines that the probe was not fitted on. Many things in a headline go with how far it
has come (a bracket stands at the end), so a unit must do clearly better than the number
of units (words) gone by does, read off in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice

import numpy as np
import pandas as pd

from textgen.corpus.language import SPACED, Language
from textgen.corpus.tokenizer import START, Tokenizer, added
from textgen.errors import SettingError
from textgen.model.bundle import Bundle
from textgen.model.config import ModelConfig
from textgen.model.engine import Engine, feed
from textgen.model.glass_box import GlassBox
from textgen.study import classifier

FILE = "probes.json"
SEED = 7  # of the draw of headlines
HEADLINES = 10_000  # half to fit the probes on, half to score them
SHOWN = 8  # units per job
BATCH = 64
LEAST = {"position": 0.3, "other": 0.7}  # R² and AUC below which nothing is a job
WAY = 0.25  # from the AUC of the number of units gone by to 1, to be gone by a job's

#: What a unit may track: its name for people, to be filled by :func:`meaning`, and how
#: good is scored.
JOBS = {
    "position": ("How many {many} have gone by", "R²"),
    "small": ("The {unit} just read began with a small letter", "AUC"),
    "quotation": ("A quotation mark is open", "AUC"),
    "bracket": ("A bracket is open", "AUC"),
    "category": ("One category rather than all others", "AUC"),
}
#: What the file holds at least.
FIELDS = (
    "headlines",
    "units",
    "without",
    "counts",
    "by_position",
    "jobs",
    "category_accuracy",
)
FLAGS = ("small", "quotation", "bracket")  # so or not so, after each token

_OPENS_BEFORE = '([{“‘"—–-/'  # what may stand before an opening straight mark


def meaning(job: str, language: Language) -> str:
    """What a unit with a job tells, for people."""
    return JOBS[job][0].format(unit=language.unit, many=language.many)


def gone_by(language: Language) -> str:
    """What a unit must do better than, for people: ``words gone by``."""
    return f"{language.many} gone by"


def labels(
    pieces: Sequence[str], language: Language = SPACED
) -> dict[str, list[float]]:
    """What is true after each token of a headline.

    Whether a ' is an apostrophe is judged from the whole text.

    Args:
        pieces: spellings of its tokens, in order.
        language: says what has gone by: words, or characters.

    Returns:
        Per job one value per token; category is not among them.
    """
    quoted = _quoted("".join(pieces))
    found: dict[str, list[float]] = {name: [] for name in ("position", *FLAGS)}
    text = ""
    for piece in pieces:
        text += piece
        units = language.filled(text)
        last = units[-1].lstrip("‘'\"“([") if units else ""
        found["position"].append(float(len(units)))
        found["small"].append(float(last[:1].islower()))
        found["quotation"].append(float(bool(text) and quoted[len(text) - 1]))
        opened = sum(map(text.count, "([")) > sum(map(text.count, ")]"))
        found["bracket"].append(float(opened))
    return found


def _quoted(text: str) -> list[bool]:
    """Whether a quotation is open after each character.

    Headlines use “ ”, ‘ ’ and the typewriter's " and '; most often the last, which is
    the apostrophe as well. It opens before a word if there is one that closes after a
    word; ’ and ' within a word close nothing.
    """
    closes = [
        c in "’'" and not text[:i][-1:].isspace() and not text[i + 1 :][:1].isalnum()
        for i, c in enumerate(text)
    ]
    found, double, single = [], False, False
    for i, c in enumerate(text):
        before, after = text[:i][-1:], text[i + 1 :][:1]
        if c in "“”":
            double = c == "“"
        elif c == '"':
            double = not double
        elif single and closes[i]:
            single = False
        elif c == "‘":
            single = True
        elif c == "'" and after.isalpha() and any(closes[i + 1 :]):
            single = single or not before or before.isspace() or before in _OPENS_BEFORE
        found.append(double or single)
    return found


def read_states(
    engine: Engine,
    tokenizer: Tokenizer,
    frame: pd.DataFrame,
    language: Language = SPACED,
) -> tuple[np.ndarray, dict[str, np.ndarray], np.ndarray]:
    """Read headlines, as any category, and keep every state.

    Args:
        engine: runs the network.
        tokenizer: the model's.
        frame: ``headline`` and ``category``.
        language: of the headlines.

    Returns:
        The states after each token ``(tokens, units)``, what is true there, per key of
        :data:`JOBS` ``(tokens,)``, and which headline each belongs to ``(tokens,)``.
    """
    ids = [tokenizer.encode(text) for text in frame["headline"]]
    states: list[np.ndarray] = []
    for start in range(0, len(ids), BATCH):
        lines = ids[start : start + BATCH]
        after: list[list[np.ndarray]] = [[] for _ in lines]
        fed = feed(engine, [[START, *line] for line in lines], [0] * len(lines))
        for rows, _, state in islice(fed, 1, None):  # after the start: no token yet
            for row, hidden in zip(rows, state.hidden, strict=True):
                after[row].append(hidden.ravel())
        states += [np.array(hidden) for hidden in after]
    found: dict[str, list] = {name: [] for name in JOBS}
    for line, category in zip(ids, frame["category"], strict=True):
        pieces = added(map(tokenizer.data, line))
        for name, values in labels(pieces, language).items():
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
        frame: from :func:`textgen.corpus.news.load`; probes are fitted and scored on
            the validation split, the categories on the test split.
        headlines: how many to probe on.
        show: told about progress.

    Returns:
        ``all``: per key of :data:`JOBS` the units that have the job, best first, each
        with its ``score`` and, but for the position, its ``precision`` and ``recall``
        at the best cut; for a category also which, how often it is so (``share``) and
        the score that the number of units gone by reaches (``position``). ``jobs``: the
        first of them. ``by_position``: the same of the number of units gone by, and the
        ``share``. How many ``units`` there are, and how many ``without`` a job;
        ``category_accuracy`` of the model and of a TF-IDF classifier.
    """
    from sklearn.linear_model import LinearRegression
    from sklearn.metrics import r2_score

    if headlines < 2:
        raise SettingError("must be at least 2", headlines=headlines)
    validation = frame[frame["split"] == "validation"]
    # At random: the file is in order of date, and its style changes over the years.
    validation = validation.sample(min(headlines, len(validation)), random_state=SEED)
    show(f"reading {len(validation)} texts")
    box = GlassBox(bundle.config, bundle.weights)
    language = bundle.corpus.language
    states, truth, owners = read_states(box, bundle.tokenizer, validation, language)
    fit = owners < owners.max() / 2
    position = truth["position"]
    jobs: dict[str, list[dict]] = {name: [] for name in JOBS}
    for unit in range(states.shape[1]):
        value = states[:, unit]
        model = LinearRegression().fit(value[fit, None], position[fit])
        r2 = float(r2_score(position[~fit], model.predict(value[~fit, None])))
        if r2 >= LEAST["position"]:
            jobs["position"].append({"unit": unit, "score": r2})
    by_position = {}
    for name in FLAGS:
        show(meaning(name, language))
        flag = truth[name] > 0
        by_position[name] = {"share": float(flag[~fit].mean())}
        known = read_off(position, flag, fit)
        if known is None:
            continue
        by_position[name] |= known
        for unit in range(states.shape[1]):
            found = read_off(states[:, unit], flag, fit, _least(known["score"]))
            if found is not None:
                jobs[name].append({"unit": unit} | found)
    show("units that know a category")
    jobs["category"] = _category_units(states, truth, fit)
    busy = {entry["unit"] for entries in jobs.values() for entry in entries}
    for entries in jobs.values():
        entries.sort(key=lambda entry: -entry["score"])
    jobs = {name: [_rounded(entry) for entry in rows] for name, rows in jobs.items()}
    return {
        "headlines": len(validation),
        "units": states.shape[1],
        "without": states.shape[1] - len(busy),
        "counts": {name: len(entries) for name, entries in jobs.items()},
        "by_position": {name: _rounded(found) for name, found in by_position.items()},
        "jobs": {name: entries[:SHOWN] for name, entries in jobs.items()},
        "all": jobs,
        "category_accuracy": classifier.accuracies(bundle, frame, show),
    }


def unit_name(unit: int, config: ModelConfig) -> str:
    """What to call a unit: its number, and its layer where there are several."""
    if config.layers == 1:
        return str(unit)
    return f"{unit % config.units} of layer {unit // config.units + 1}"


def _least(by_position: float) -> float:
    """The AUC from which a unit has a job, given that of the units gone by."""
    return max(LEAST["other"], by_position + WAY * (1 - by_position))


def _rounded(entry: dict) -> dict:
    return {
        key: round(value, 4) if isinstance(value, float) else value
        for key, value in entry.items()
    }


def read_off(
    value: np.ndarray, flag: np.ndarray, fit: np.ndarray, least: float = 0.0
) -> dict | None:
    """How well a value tells whether something is so.

    Which way round, and the cut from which the probe says yes (the one of the best F1),
    are chosen on the fitted part; all that is returned is measured on the other.

    Args:
        value: of a unit, or the number of words gone by, at each token ``(tokens,)``.
        flag: whether it is so there ``(tokens,)``.
        fit: which tokens are the fitted part ``(tokens,)``.
        least: a score below which nothing more is worked out.

    Returns:
        ``score``: the area under the ROC curve; ``precision``: of the places where the
        probe says yes, how many are so; ``recall``: of those that are so, where it says
        yes. None where the score is below ``least``, or all or none are so.
    """
    from sklearn.metrics import precision_recall_curve, roc_auc_score

    if len({*flag[fit]}) < 2 or len({*flag[~fit]}) < 2:
        return None
    if roc_auc_score(flag[fit], value[fit]) < 0.5:
        value = -value
    score = float(roc_auc_score(flag[~fit], value[~fit]))
    if score < least:
        return None
    precision, recall, cuts = precision_recall_curve(flag[fit], value[fit])
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-12)
    said = value[~fit] >= cuts[f1[:-1].argmax()]
    both = int((said & flag[~fit]).sum())
    return {
        "score": score,
        "precision": both / max(int(said.sum()), 1),
        "recall": both / int(flag[~fit].sum()),
    }


def _category_units(
    states: np.ndarray, truth: dict[str, np.ndarray], fit: np.ndarray
) -> list[dict]:
    """Per unit the category that it tells best from all others, where it does."""
    names = truth["category"]
    counted = pd.Series(names[fit]).value_counts()
    known = [str(name) for name, count in counted.items() if count >= 100]
    if not known:
        return []
    means = np.array([states[fit][names[fit] == name].mean(0) for name in known])
    spread = states[fit].std(0) + 1e-9
    distance = np.abs(means - states[fit].mean(0)) / spread  # (categories, units)
    by_position = {
        name: read_off(truth["position"], names == name, fit) for name in known
    }
    units = []
    for unit in range(states.shape[1]):
        # The most distant one on the fitted half; scored on the other.
        name = known[int(distance[:, unit].argmax())]
        gone_by = by_position[name]
        if gone_by is None:
            continue
        position, flag = gone_by["score"], names == name
        found = read_off(states[:, unit], flag, fit, _least(position))
        if found is not None:
            told = {"category": name, "share": float(flag[~fit].mean())}
            units.append({"unit": unit} | found | told | {"position": position})
    return units


def load(bundle: Bundle) -> dict | None:
    """What :func:`probe` found for a bundle, or None if it was never run.

    Raises:
        BundleError: the file was altered, or is of another version.
    """
    return bundle.read_facts(FILE, FIELDS)


def save(bundle: Bundle, facts: dict) -> Bundle:
    """Put the facts into the bundle, checksum and all; returns it, opened again."""
    return bundle.with_facts(FILE, facts)
