"""From texts to a finished model: what ``python -m textgen train`` does."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np
from safetensors.numpy import load_file
from tqdm import tqdm

from textgen.corpus import levels, news
from textgen.corpus.corpus import SPLITS, Corpus, check_splits
from textgen.corpus.language import Language
from textgen.corpus.novelty import NoveltyIndex, fingerprint
from textgen.corpus.tokenizer import START, Tokenizer
from textgen.errors import SettingError, TrainingError
from textgen.model import bundle, card
from textgen.model.bundle import Bundle
from textgen.model.config import ModelConfig, Recipe
from textgen.model.glass_box import GlassBox
from textgen.storage import read_records, write_records
from textgen.study import film, likelihood
from textgen.training import batches, export
from textgen.training.checkpoint import STATE, best_weights
from textgen.training.run import Run
from textgen.writing.generator import Generator

CALIBRATION_TEXTS = 200
SMALLEST_VOCABULARY = 5  # the special signs, and one token to write with
LARGEST_VOCABULARY = 1_000_000


def train(
    data: str | Path | Corpus,
    folder: str | Path,
    target: str | Path,
    *,
    level: str = "subword",
    vocabulary_size: int = 8192,
    model: dict | None = None,
    recipe: Recipe | None = None,
    resume: bool = False,
    limit: int = 0,
    command: str = "",
    note: str = "",
    progress_bar: bool = True,
) -> Bundle:
    """Train a model and write its bundle.

    Args:
        data: texts to learn from; or the shipped dataset's file, or a folder with it.
        folder: the run's; checkpoints lie here, a killed run resumes from here.
        target: the bundle's folder; its name is the model's.
        level: of the tokenizer: subword, character or word.
        vocabulary_size: of the tokenizer.
        model: fields of :class:`textgen.model.config.ModelConfig` that differ from its
        own.
        recipe: how to train.
        resume: continue the run in ``folder``.
        limit: train on so many texts only; 0 for all.
        command: the command line, for the model card.
        note: what else the card should say about this run.
        progress_bar: show one, with what the model writes after each epoch.

    Returns:
        The finished bundle, its figures measured on the test split.
    """
    folder, recipe = Path(folder), recipe or Recipe()
    if limit < 0:
        raise SettingError("must be 0 or more", limit=limit)
    if not SMALLEST_VOCABULARY <= vocabulary_size <= LARGEST_VOCABULARY:
        raise SettingError(
            f"must be from {SMALLEST_VOCABULARY} to {LARGEST_VOCABULARY:,}",
            vocabulary_size=vocabulary_size,
        )
    if resume and not (folder / STATE).is_file():
        raise TrainingError(
            f"{folder}: there is no run to resume (no {STATE}). Leave --resume out to "
            "begin one."
        )
    bundle.check_target(target)
    if isinstance(data, Corpus):
        corpus, dataset = data, data.facts.name
        check_splits(corpus.splits, corpus.facts.noun, dataset or "the texts")
    else:
        path = news.find(data)
        corpus = news.corpus(path, described=recipe.description_epochs > 0)
        dataset = path.name
    splits = {name: corpus.part(name) for name in SPLITS}
    if limit:
        for name, (texts, labels) in splits.items():
            most = limit if name == "train" else max(limit // 10, 1)
            splits[name] = texts[:most], labels and labels[:most]
    read, _ = splits["train"]
    folder.mkdir(parents=True, exist_ok=True)
    language = corpus.facts.language
    tokenizer = _tokenizer(folder, read, language, level, vocabulary_size)
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
    reel = _Reel(folder, config, tokenizer, language, corpus.texts, progress_bar)
    run = Run(
        folder,
        config,
        recipe,
        encoded["train"] + extra if extra else encoded["train"],
        encoded["validation"],
        resume=resume,
        on_epoch=reel.shoot,
    )
    run.fit(progress_bar=progress_bar)
    reel.fill_in(len(run.progress.history))
    facts = {
        "name": Path(target).name,
        "dataset": dataset,
        "corpus": corpus.facts.to_dict(),
        "model": config.to_dict(),
        "recipe": recipe.to_dict(),
        "tokenizer": {"level": level, "vocabulary_size": tokenizer.vocabulary_size},
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
    finished = _write(target, facts, config, tokenizer, language, folder, reel, read)
    figures = likelihood.evaluate(
        Generator.from_bundle(finished), splits["validation"], splits["test"]
    )
    facts = finished.facts | {"figures": figures}
    return bundle.revise(finished, facts, card.write(facts))


def _tokenizer(
    folder: Path,
    texts: Sequence[str],
    language: Language,
    level: str,
    vocabulary_size: int,
) -> Tokenizer:
    path = folder / bundle.TOKENIZER
    if not path.exists():
        if level not in levels.LEVELS:
            known = ", ".join(levels.LEVELS)
            raise SettingError(f"must be one of {known}", level=level)
        levels.LEVELS[level].train(texts, vocabulary_size, language).save(path)
    return levels.load(path)


def _write(
    target: str | Path,
    facts: dict,
    config: ModelConfig,
    tokenizer: Tokenizer,
    language: Language,
    folder: Path,
    reel: _Reel,
    texts: Sequence[str],
) -> Bundle:
    # Half the file; the rounding costs far less than that of the int8 graph. Rounded
    # before anything is made of them, so that every view has the same weights.
    weights = {
        name: array.astype(np.float16) for name, array in best_weights(folder).items()
    }
    sample = texts[:: max(1, len(texts) // CALIBRATION_TEXTS)]
    starts = [[START, *tokenizer.encode(text)] for text in sample]
    limits = export.activation_limits(config, weights, starts)
    facts = facts | {"quantization": {"weight_bits": 7, "activation_bits": 8}}
    own = None
    facts["novelty_fingerprint"] = fingerprint(texts)
    if not _shared_index_fits(facts["novelty_fingerprint"]):
        own = NoveltyIndex.build(texts, language)
    return bundle.write(
        target,
        facts,
        weights,
        tokenizer,
        folder / bundle.HISTORY,
        reel.read(),
        card.write(facts),
        lambda path: export.write(path, config, weights, limits),
        own,
    )


def _shared_index_fits(wanted: str) -> bool:
    path = bundle.SHARED_NOVELTY
    return path.is_file() and NoveltyIndex.load(path).facts["fingerprint"] == wanted


class _Reel:
    """The run's ``samples.jsonl``: one frame per epoch and temperature."""

    def __init__(
        self,
        folder: Path,
        config: ModelConfig,
        tokenizer: Tokenizer,
        language: Language,
        headlines: Sequence[str],
        show: bool,
    ) -> None:
        self._folder = folder
        self._path = folder / bundle.SAMPLES
        self._config, self._tokenizer, self._language = config, tokenizer, language
        self._known = film.known_headlines(headlines, language)
        self._show = show

    def read(self) -> list[dict]:
        if not self._path.exists():
            return []
        return read_records(self._path)

    def shoot(self, weights: dict, epoch: int) -> None:
        box = GlassBox(self._config, weights)
        generator = Generator(box, self._tokenizer, language=self._language)
        new = film.frames(generator, epoch, self._known)
        kept = [record for record in self.read() if record["epoch"] != epoch]
        records = sorted(kept + new, key=lambda r: (r["epoch"], r["temperature"]))
        write_records(self._path, records)
        if self._show:
            for record in new:
                for headline in record["headlines"][:1]:
                    tqdm.write(f"  T = {record['temperature']:<4} {headline['text']}")

    def fill_in(self, epochs: int) -> None:
        """Film the epochs that were missed, from their saved weights."""
        filmed = {record["epoch"] for record in self.read()}
        for epoch in range(epochs):
            weights = self._folder / "epochs" / f"{epoch:03d}.safetensors"
            if epoch not in filmed and weights.exists():
                self.shoot(load_file(weights), epoch)
