"""From texts to a finished model: what ``python -m textgen train`` does."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

import keras
import numpy as np

from textgen.corpus import levels, news
from textgen.corpus.corpus import SPLITS, Corpus, check_splits
from textgen.corpus.language import Language
from textgen.corpus.novelty import NoveltyIndex, fingerprint
from textgen.corpus.tokenizer import START, Tokenizer
from textgen.corpus.trie import Trie
from textgen.errors import TrainingError
from textgen.model import bundle, card
from textgen.model.bundle import Bundle
from textgen.model.config import ModelConfig, Recipe
from textgen.model.glass_box import GlassBox
from textgen.storage import DATA
from textgen.study import film, likelihood
from textgen.training import batches, checkpoint, events, export
from textgen.training.run import Run
from textgen.writing.generator import Generator

CALIBRATION_TEXTS = 200


def train(
    data: str | Path | Corpus,
    folder: str | Path,
    target: str | Path,
    *,
    model: dict | None = None,
    recipe: Recipe | None = None,
    resume: bool = False,
    command: str = "",
    note: str = "",
    report: Callable[[events.Event], object] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Bundle | None:
    """Train a model and write its bundle.

    Args:
        data: texts to learn from; or the shipped dataset's file, or a folder with it.
        folder: the run's; checkpoints lie here, a killed run resumes from here.
        target: the bundle's folder; its name is the model's.
        model: fields of :class:`textgen.model.config.ModelConfig` that differ from its
        own.
        recipe: how to train.
        resume: continue the run in ``folder``.
        command: the command line, for the model card.
        note: what else the card should say about this run.
        report: called with each record of what happens, see
            :mod:`textgen.training.events`.
        stop: asked between steps whether to stop.

    Returns:
        The finished bundle, its figures measured on the test split; None when ``stop``
        ended the run, which can be resumed.

    Raises:
        TrainingError: the folder holds a run already, or none to resume, or one that
            began with other settings.
        SettingError: a setting is not allowed.
        BundleError: something else than a model is in the bundle's place.
    """
    folder, target, recipe = Path(folder), Path(target), recipe or Recipe()
    shape = ModelConfig(recipe.vocabulary_size, **(model or {}))
    checkpoint.check_folder(folder, resume)
    state = checkpoint.load_state(folder) if resume else {}
    if resume:
        now = {"recipe": recipe.to_dict(), "config": _of_no_text(shape)}
        checkpoint.check_same(folder, state, now)
    check_apart(folder, target)
    bundle.check_target(target)
    if isinstance(data, Corpus):
        corpus, dataset = data, data.facts.name
        check_splits(corpus.splits, corpus.facts.noun, dataset or "the texts")
    else:
        path = news.find(data)
        corpus = news.corpus(path, described=recipe.description_epochs > 0)
        dataset = path.name
    splits = {name: corpus.part(name) for name in SPLITS}
    if recipe.limit:
        for name, (texts, labels) in splits.items():
            most = recipe.limit if name == "train" else max(recipe.limit // 10, 1)
            splits[name] = texts[:most], labels and labels[:most]
    read, _ = splits["train"]
    novelty, language = fingerprint(read), corpus.facts.language
    origin = {"data": f"{len(read):,} texts ({novelty})", "language": language.key}
    if resume:
        checkpoint.check_same(folder, state, {"origin": origin})
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = _tokenizer(folder, read, language, recipe, resume)
    categories = corpus.categories
    config = ModelConfig(tokenizer.vocabulary_size, categories, **(model or {}))
    encoded = {
        name: batches.encode(*splits[name], categories, tokenizer)
        for name in ("train", "validation")
    }
    extra = (
        batches.encode(
            corpus.extra_texts,
            corpus.extra_labels,
            categories,
            tokenizer,
            batches.BEFORE_DESCRIPTION,
        )
        if recipe.description_epochs and corpus.extra_texts
        else None
    )
    known = film.known_headlines(corpus.texts, language)

    def sample(weights: dict[str, np.ndarray], epoch: int) -> list[dict]:
        box = GlassBox(config, weights)
        generator = Generator(box, tokenizer, language=language)
        return film.frames(generator, epoch, known)

    run = Run(
        folder,
        config,
        recipe,
        encoded["train"] + extra if extra else encoded["train"],
        encoded["validation"],
        origin=origin,
        resume=resume,
        sample=sample,
    )
    if not run.fit(report, stop):
        return None
    facts = {
        "name": target.name,
        "dataset": dataset,
        "corpus": corpus.facts.to_dict(),
        "novelty_fingerprint": novelty,
        "model": config.to_dict(),
        "recipe": recipe.to_dict(),
        "tokenizer": {
            "level": recipe.level,
            "vocabulary_size": tokenizer.vocabulary_size,
        },
        "training": {
            "command": command,
            "note": note,
            "backend": f"Keras {keras.__version__}, {keras.backend.backend()}",
            "machine": f"{platform.machine()}, {os.cpu_count()} cores, "
            f"{platform.system()}",
            "train_headlines": len(read),
            "train_descriptions": len(extra) if extra else 0,
            "epochs": run.progress.epoch,
            "best_epoch": run.progress.best_epoch,
            "seconds": round(run.progress.total_seconds),
            "parameters": int(run.network.count_params()),
        },
    }
    with run.telling():
        finished = _write(target, facts, config, tokenizer, language, run, read)
        figures = likelihood.evaluate(
            Generator.from_bundle(finished), splits["validation"], splits["test"]
        )
        facts = finished.facts | {"figures": figures}
        return bundle.revise(finished, facts, card.write(facts))


def check_apart(folder: Path, target: Path) -> None:
    """Make sure that writing a bundle would not take its run away.

    A bundle replaces its folder as a whole, and a run needs its own until the end.

    Raises:
        TrainingError: the run's folder lies in the bundle's, or is the same.
    """
    run, model = folder.resolve(), target.resolve()
    if run.is_relative_to(model) or model.is_relative_to(run / checkpoint.EPOCHS):
        raise TrainingError(
            f"{folder}: the run needs this folder to the end, and the model replaces "
            f"the whole of {target}. Choose another --output or --bundle."
        )


def _of_no_text(shape: ModelConfig) -> dict:
    """What of a network's shape is settled before any text was read."""
    later = ("vocabulary_size", "categories")
    return {name: v for name, v in shape.to_dict().items() if name not in later}


def _tokenizer(
    folder: Path,
    texts: Sequence[str],
    language: Language,
    recipe: Recipe,
    resume: bool,
) -> Tokenizer:
    path = folder / bundle.TOKENIZER
    if not resume:
        tokenizer = levels.LEVELS[recipe.level]
        tokenizer.train(texts, recipe.vocabulary_size, language).save(path)
    return levels.load(path)


def _write(
    target: Path,
    facts: dict,
    config: ModelConfig,
    tokenizer: Tokenizer,
    language: Language,
    run: Run,
    texts: Sequence[str],
) -> Bundle:
    # Half the file; the rounding costs far less than that of the int8 graph. Rounded
    # before anything is made of them, so that every view has the same weights.
    weights = {
        name: array.astype(np.float16)
        for name, array in checkpoint.best_weights(run.folder).items()
    }
    sample = texts[:: max(1, len(texts) // CALIBRATION_TEXTS)]
    starts = [[START, *tokenizer.encode(text)] for text in sample]
    limits = export.activation_limits(config, weights, starts)
    facts = facts | {"quantization": {"weight_bits": 7, "activation_bits": 8}}
    told = events.read(run.events)
    index = words = None
    if not _fits(NoveltyIndex, bundle.NOVELTY, facts["novelty_fingerprint"]):
        index = NoveltyIndex.build(texts, language)
    if language.spaced and not _fits(Trie, bundle.WORDS, facts["novelty_fingerprint"]):
        words = Trie.build(texts, language)
    return bundle.write(
        target,
        facts,
        weights,
        tokenizer,
        run.folder / checkpoint.HISTORY,
        [asdict(event) for event in told if isinstance(event, events.Wrote)],
        card.write(facts),
        lambda path: export.write(path, config, weights, limits),
        index,
        words,
    )


def _fits(kind: type[NoveltyIndex] | type[Trie], name: str, wanted: str) -> bool:
    """True if what ships was built from the same texts."""
    path = DATA / name
    return path.is_file() and kind.load(path).facts["fingerprint"] == wanted
