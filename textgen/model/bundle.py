"""A trained model on disk: one folder, checked when read, never unpickled.

``config.json`` names every other file with its size and SHA-256, so a missing,
truncated or altered file gives one clear error before anything is used.
"""

from __future__ import annotations

import csv
import hashlib
import re
import shutil
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from textgen.corpus import levels
from textgen.corpus.corpus import CorpusFacts
from textgen.corpus.novelty import NoveltyIndex
from textgen.corpus.tokenizer import Tokenizer
from textgen.corpus.trie import Trie
from textgen.errors import BundleError, FactsError
from textgen.model.config import ModelConfig
from textgen.storage import (
    DATA,
    DEFAULT_MODEL,
    MODELS,
    own_models,
    read_facts,
    read_records,
    whole_file,
    write_facts,
    write_records,
)

FORMAT_VERSION = 1
CONFIG = "config.json"
WEIGHTS = "weights.safetensors"
STEP_GRAPH = "step.onnx"
TOKENIZER = "tokenizer.json"
HISTORY = "history.csv"
SAMPLES = "samples.jsonl"
CARD = "MODEL_CARD.md"
NOVELTY = "novelty.safetensors"
WORDS = "words.safetensors"
REQUIRED = (WEIGHTS, STEP_GRAPH, TOKENIZER, HISTORY, SAMPLES, CARD)
Known = TypeVar("Known", NoveltyIndex, Trie)


def available(folder: str | Path | None = None) -> list[str]:
    """Names of the models that can be opened by name.

    Args:
        folder: where to look; among those that ship and the person's own when not
            given.

    Returns:
        The default one first, then those that ship, then the person's own.
    """
    folders = [Path(folder)] if folder is not None else [MODELS, own_models()]
    names: dict[str, None] = {}
    for place in folders:
        found = (path.parent.name for path in place.glob(f"*/{CONFIG}"))
        names |= dict.fromkeys(sorted(name for name in found if name[0] != "."))
    return sorted(names, key=lambda name: name != DEFAULT_MODEL)


class Bundle:
    """A trained model, opened.

    Args:
        folder: the model's folder, or a name of :func:`available`.

    Raises:
        BundleError: the folder or a file is missing, truncated or altered, or the
            format is newer than this program.

    Attributes:
        folder: where it lies.
        facts: all of ``config.json``.
        config: the network's shape.
        corpus: what it was trained on; of a model that does not say, neutral facts.
    """

    def __init__(self, folder: str | Path = DEFAULT_MODEL) -> None:
        self.folder = _locate(folder)
        self.facts = self._read_config()
        try:
            self.config = ModelConfig.from_dict(self.facts["model"])
        except (KeyError, TypeError, ValueError) as error:
            raise BundleError(
                f"{self.folder / CONFIG}: the field 'model' is wrong ({error})."
            ) from error
        try:
            self.corpus = CorpusFacts.from_dict(self.facts.get("corpus", {}))
        except (TypeError, ValueError) as error:
            raise BundleError(
                f"{self.folder / CONFIG}: the field 'corpus' is wrong ({error})."
            ) from error
        for name in REQUIRED:
            if name not in self.facts["files"]:
                raise BundleError(f"{self.folder / CONFIG}: does not list {name}.")
        for name, expected in self.facts["files"].items():
            path = self.folder / name
            if not path.is_file():
                raise BundleError(f"{path}: is missing. {_AGAIN}")
            if (size := path.stat().st_size) != expected["bytes"]:
                raise BundleError(
                    f"{path}: has {size:,} bytes instead of {expected['bytes']:,}; it "
                    f"was cut off or altered. {_AGAIN}"
                )

    @property
    def name(self) -> str:
        """The model's name."""
        return self.facts["name"]

    def _read_config(self) -> dict:
        path = self.folder / CONFIG
        try:
            facts = read_facts(path)
        except FactsError as error:
            raise BundleError(f"{error} {_AGAIN}") from error
        version = facts.get("format_version")
        if version != FORMAT_VERSION:
            raise BundleError(
                f"{path}: format_version is {version!r}; this program reads "
                f"{FORMAT_VERSION}. Update the program, or export the model again."
            )
        files = facts.get("files")
        plain = re.compile(r"[\w.-]+\Z")
        if not isinstance(files, dict) or not all(
            plain.match(name)
            and isinstance(entry, dict)
            and {"bytes", "sha256"} <= {*entry}
            for name, entry in files.items()
        ):
            raise BundleError(f"{path}: the field 'files' is wrong. {_AGAIN}")
        return facts

    def path(self, name: str) -> Path:
        """The path of one of the files, its checksum verified.

        Raises:
            BundleError: the file is not what ``config.json`` says.
        """
        path = self.folder / name
        if name not in self._verified:
            if name not in self.facts["files"]:
                raise BundleError(f"{path}: the model has no such file.")
            try:
                with path.open("rb") as file:
                    digest = hashlib.file_digest(file, "sha256").hexdigest()
            except OSError as error:
                raise BundleError(f"{path}: cannot be read ({error}).") from error
            if digest != self.facts["files"][name]["sha256"]:
                raise BundleError(
                    f"{path}: its contents do not match the checksum in {CONFIG}; it "
                    f"was altered. {_AGAIN}"
                )
            self._verified.add(name)
        return path

    @cached_property
    def _verified(self) -> set[str]:
        return set()

    @cached_property
    def tokenizer(self) -> Tokenizer:
        """The model's tokenizer."""
        return levels.load(self.path(TOKENIZER))

    @cached_property
    def weights(self) -> dict[str, np.ndarray]:
        """The weights; see :func:`textgen.training.network.weights_of`.

        They are float32 here, whatever the file holds (half precision saves half of
        it).
        """
        path = self.path(WEIGHTS)
        try:
            with safe_open(path, framework="numpy") as stored:
                weights = {
                    name: stored.get_tensor(name).astype(np.float32, copy=False)
                    for name in stored.keys()  # noqa: SIM118
                }
        except SafetensorError as error:
            raise BundleError(f"{path}: cannot be read ({error}). {_AGAIN}") from error
        expected = (self.config.vocabulary_size, self.config.embedding)
        if weights.get("embedding", np.empty(0)).shape != expected:
            raise BundleError(f"{path}: does not fit the shape in {CONFIG}. {_AGAIN}")
        return weights

    @cached_property
    def novelty(self) -> NoveltyIndex | None:
        """The index of what the model was trained on, or None if there is none."""
        return self._of_training_set(NOVELTY, NoveltyIndex.load)

    @cached_property
    def words(self) -> Trie | None:
        """The words of what the model was trained on, or None if there are none."""
        return self._of_training_set(WORDS, Trie.load)

    def _of_training_set(
        self, name: str, load: Callable[[Path], Known]
    ) -> Known | None:
        """What was built from the training set: the bundle's own, or the shared one."""
        if name in self.facts["files"]:
            return load(self.path(name))
        fingerprint = self.facts.get("novelty_fingerprint")
        if fingerprint and (DATA / name).is_file():
            shared = load(DATA / name)
            if shared.facts.get("fingerprint") == fingerprint:
                return shared
        return None

    def history(self) -> list[dict[str, float]]:
        """The training history, one record per epoch, epoch 0 (untrained) first."""
        with self.path(HISTORY).open(newline="", encoding="utf-8") as file:
            return [
                {key: float(value) for key, value in row.items()}
                for row in csv.DictReader(file)
            ]

    def samples(self) -> list[dict]:
        """What the model wrote after each epoch; see :mod:`textgen.study.film`."""
        path = self.path(SAMPLES)
        try:
            return read_records(path)
        except FactsError as error:
            raise BundleError(f"{error} {_AGAIN}") from error

    def model_card(self) -> str:
        """The model card, Markdown."""
        return self.path(CARD).read_text(encoding="utf-8")

    def read_facts(self, name: str, needed: Collection[str] = ()) -> dict | None:
        """Read a file of facts that were measured of the model.

        Args:
            name: of the file.
            needed: fields that it must have.

        Returns:
            What :meth:`with_facts` was given, or None if it never was.

        Raises:
            BundleError: the file was altered, or lacks a field.
        """
        if name not in self.facts["files"]:
            return None
        path = self.path(name)
        try:
            return read_facts(path, needed)
        except FactsError as error:
            raise BundleError(f"{error} Measure it again.") from error

    def with_facts(self, name: str, facts: Mapping) -> Bundle:
        """Add or replace a file of facts about the model.

        Args:
            name: of the file.
            facts: all that it holds.

        Returns:
            The bundle, opened again.
        """
        write_facts(self.folder / name, facts)
        return _rewritten(self, self.facts, name)


_AGAIN = "Copy the model's folder again, or train it again."


def _locate(folder: str | Path) -> Path:
    for path in (Path(folder), MODELS / folder, own_models() / folder):
        if (path / CONFIG).is_file():
            return path
    names = ", ".join(available()) or "none"
    raise BundleError(
        f"{folder}: no model there (no {CONFIG}). Models known by name: {names}."
    )


def check_target(folder: str | Path) -> None:
    """Make sure that writing a bundle there would take nothing else away.

    Raises:
        BundleError: something is there, and it is no model.
    """
    folder = Path(folder)
    if folder.is_dir() and ((folder / CONFIG).is_file() or not any(folder.iterdir())):
        return
    if not next(path for path in folder.absolute().parents if path.exists()).is_dir():
        raise BundleError(f"{folder}: a file stands where a folder is needed.")
    if folder.exists() or not folder.name:
        raise BundleError(
            f"{folder}: is there already, and is no model. A model's folder is "
            "written as a whole: choose another, which need not exist yet."
        )


def write(
    folder: str | Path,
    facts: Mapping,
    weights: Mapping[str, np.ndarray],
    tokenizer: Tokenizer,
    history_file: Path,
    samples: Iterable[Mapping],
    model_card: str,
    graph_writer: Callable[[Path], None],
    novelty: NoveltyIndex | None = None,
    words: Trie | None = None,
) -> Bundle:
    """Write a bundle: all of it, or nothing.

    Args:
        folder: replaced as a whole when it exists, which only a bundle may.
        facts: ``name``, ``model``, ``recipe`` and whatever else is worth keeping.
        weights: under the names of :func:`textgen.training.network.weights_of`, float32
            or float16.
        tokenizer: the model's.
        history_file: the run's ``history.csv``.
        samples: the run's samples per epoch.
        model_card: Markdown.
        graph_writer: called with the path of the step graph to write.
        novelty: an index of its own; None when the model has none, or shares one.
        words: of its training set; None as for ``novelty``.
    """
    folder = Path(folder)
    check_target(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    new = folder.with_name(f".{folder.name}.partial")
    old = folder.with_name(f".{folder.name}.old")
    for leftover in (new, old):
        shutil.rmtree(leftover, ignore_errors=True)
    new.mkdir()
    save_file(
        {name: np.ascontiguousarray(a) for name, a in weights.items()}, new / WEIGHTS
    )
    graph_writer(new / STEP_GRAPH)
    tokenizer.save(new / TOKENIZER)
    shutil.copyfile(history_file, new / HISTORY)
    write_records(new / SAMPLES, samples)
    (new / CARD).write_text(model_card, encoding="utf-8")
    if novelty is not None:
        novelty.save(new / NOVELTY)
    if words is not None:
        words.save(new / WORDS)
    entries = {path.name: _entry(path) for path in sorted(new.iterdir())}
    _write_config(new, facts, entries)
    if folder.exists():
        folder.rename(old)
    new.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
    return Bundle(folder)


def revise(bundle: Bundle, facts: Mapping, model_card: str) -> Bundle:
    """Change a bundle's facts and card, once its figures have been measured."""
    with whole_file(bundle.folder / CARD) as partial:
        partial.write_text(model_card, encoding="utf-8")
    return _rewritten(bundle, {**bundle.facts, **facts}, CARD)


def _rewritten(bundle: Bundle, facts: Mapping, name: str) -> Bundle:
    """A bundle opened again, one file of which is new.

    The checksums of all others stay, so that one that was altered stays found out.
    """
    entries = bundle.facts["files"] | {name: _entry(bundle.folder / name)}
    _write_config(bundle.folder, facts, dict(sorted(entries.items())))
    return Bundle(bundle.folder)


def _entry(path: Path) -> dict[str, int | str]:
    """What ``config.json`` says of a file."""
    data = path.read_bytes()
    return {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def _write_config(folder: Path, facts: Mapping, entries: Mapping) -> None:
    config = {"format_version": FORMAT_VERSION, **facts, "files": entries}
    write_facts(folder / CONFIG, config)
