"""The command line: ``python -m textgen generate | score | evaluate | train | …``."""

from __future__ import annotations

import argparse
import json
import logging
import os
import shlex
import sys
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

from textgen import dataset
from textgen.config import CELLS, Recipe
from textgen.errors import TextgenError
from textgen.options import Options
from textgen.paths import DATA, DEFAULT_MODEL, MODELS, ROOT, RUNS

_FILE_HELP = "Kaggle's file: .json, .json.gz or .zip (default: the one in data/)"


def parser() -> argparse.ArgumentParser:
    """Build the parser, help texts included."""
    top = argparse.ArgumentParser(
        prog="python -m textgen",
        description="Headlines from a small recurrent language model.",
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_generate(commands)
    _add_path(commands)
    _add_score(commands)
    _add_explain(commands)
    _add_evaluate(commands)
    _add_probe(commands)
    _add_train(commands)
    _add_dataset(commands)
    _add_figures(commands)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: the words after ``python -m textgen``; ``sys.argv`` when None.

    Returns:
        0, or 1 when something the user can put right went wrong (said on stderr).
    """
    chosen = parser().parse_args(arguments)
    try:
        chosen.run(chosen)
    except (TextgenError, ValueError, TypeError, OSError) as error:
        print(f"textgen: {error}", file=sys.stderr)
        return 1
    except ModuleNotFoundError as error:
        print(
            f"textgen: {error.name} is not installed. Training and figures need more "
            "than the app: pip install -r requirements.txt",
            file=sys.stderr,
        )
        return 1
    except KeyboardInterrupt:
        print("\ntextgen: interrupted", file=sys.stderr)
        return 130
    return 0


def _command(commands, name: str, run, summary: str) -> argparse.ArgumentParser:
    command = commands.add_parser(
        name,
        help=summary,
        description=summary[0].upper() + summary[1:] + ".",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    command.set_defaults(run=run)
    return command


def _add_model_and_output(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="print JSON")
    command.add_argument(
        "--model", default=DEFAULT_MODEL, help="a model that ships, or a folder"
    )
    command.add_argument(
        "--engine",
        choices=("fast", "reference"),
        default="fast",
        help="int8 graph, or the NumPy reference",
    )


def _add_generate(commands) -> None:
    command = _command(commands, "generate", _generate, "write headlines")
    default = Options()
    command.add_argument(
        "--temperature",
        type=float,
        default=default.temperature,
        help="0: always the favourite; 1: as learnt; above: wilder",
    )
    command.add_argument(
        "-n", "--count", type=int, default=5, help="how many headlines"
    )
    _add_options(command)
    _add_model_and_output(command)


def _add_options(command: argparse.ArgumentParser) -> None:
    default = Options()
    command.add_argument("--category", help="for example POLITICS (default: any)")
    command.add_argument("--prompt", default="", help="the words to begin with")
    command.add_argument("--seed", type=int, default=default.seed, help="which luck")
    command.add_argument(
        "--max-words",
        type=int,
        default=default.max_words,
        help="words to write after the prompt, at most",
    )
    command.add_argument(
        "--top-k", type=int, default=default.top_k, help="keep the k likeliest; 0: all"
    )
    command.add_argument(
        "--top-p",
        type=float,
        default=default.top_p,
        help="keep the fewest tokens that hold this much probability",
    )
    command.add_argument(
        "--min-p",
        type=float,
        default=default.min_p,
        help="keep tokens at least this likely, relative to the favourite",
    )
    command.add_argument(
        "--repetition-penalty",
        type=float,
        default=default.repetition_penalty,
        help="above 1: tokens already used count less",
    )


def _options(chosen: argparse.Namespace) -> Options:
    names = {f.name for f in fields(Options)}
    return Options(**{k: v for k, v in vars(chosen).items() if k in names})


def _generator(chosen: argparse.Namespace):
    from textgen.generator import HeadlineGenerator

    return HeadlineGenerator.load(chosen.model, chosen.engine)


def _generate(chosen: argparse.Namespace) -> None:
    headlines = _generator(chosen).generate(_options(chosen))
    if chosen.json:
        _print_json([headline.to_dict() for headline in headlines])
        return
    for headline in headlines:
        note = "  [copied from the training set]" if headline.copied else ""
        cut = "" if headline.ended else " …"
        print(f"{headline.text}{cut}{note}")


def _add_path(commands) -> None:
    command = _command(
        commands,
        "path",
        _path,
        "list every headline one seed writes over a range of temperatures",
    )
    command.add_argument(
        "--from", dest="low", type=float, default=0.05, help="the coldest temperature"
    )
    command.add_argument(
        "--to", dest="high", type=float, default=2.0, help="the hottest temperature"
    )
    _add_options(command)
    _add_model_and_output(command)


def _path(chosen: argparse.Namespace) -> None:
    from textgen import temperature

    parts = temperature.path(
        _generator(chosen), _options(chosen), chosen.low, chosen.high
    )
    if chosen.json:
        _print_json([part.to_dict() for part in parts])
        return
    for part in parts:
        print(f"{part.low:.4f} to {part.high:.4f}  {part.headline.text}")


def _add_score(commands) -> None:
    command = _command(commands, "score", _score, "say how probable texts are")
    command.add_argument("texts", nargs="+", metavar="TEXT", help="a headline")
    command.add_argument("--category", help="for example POLITICS (default: any)")
    _add_model_and_output(command)


def _score(chosen: argparse.Namespace) -> None:
    scores = _generator(chosen).score(chosen.texts, chosen.category)
    if chosen.json:
        _print_json([score.to_dict() for score in scores])
        return
    for score in scores:
        print(
            f"{score.log_probability:9.2f} nats  {score.bits_per_character:6.3f} "
            f"bits/character  {score.text}"
        )


def _add_explain(commands) -> None:
    command = _command(
        commands, "explain", _explain, "show what the gates did at every token"
    )
    command.add_argument("text", metavar="TEXT", help="a headline")
    command.add_argument("--category", help="for example POLITICS (default: any)")
    command.add_argument("--json", action="store_true", help="print JSON")
    command.add_argument(
        "--model", default=DEFAULT_MODEL, help="a model that ships, or a folder"
    )


def _explain(chosen: argparse.Namespace) -> None:
    from textgen.generator import HeadlineGenerator
    from textgen.inside import trace

    generator = HeadlineGenerator.load(chosen.model, "reference")
    rows = trace(generator, chosen.text, chosen.category).to_dict()
    if chosen.json:
        _print_json(rows)
        return
    print("   log p   rank  entropy   kept  past seen  token")
    for row in rows:
        kept, seen = row["mean_update_gate"], row["mean_reset_gate"]
        gates = "   –          –" if kept is None else f"{kept:5.0%} {seen:10.0%}"
        print(
            f"{row['log_probability']:8.2f} {row['rank']:6,} {row['entropy']:8.2f}  "
            f"{gates}  {row['text'].strip() or '(end)'}"
        )


def _add_probe(commands) -> None:
    command = _command(
        commands,
        "probe",
        _probe,
        "find units with a job and how well categories are told, and keep the figures "
        "in the model's folder",
    )
    command.add_argument("--data", type=Path, help=_FILE_HELP)
    command.add_argument(
        "--headlines", type=int, default=3000, help="how many to probe on"
    )
    command.add_argument(
        "--model", default=DEFAULT_MODEL, help="a model that ships, or a folder"
    )


def _probe(chosen: argparse.Namespace) -> None:
    from textgen import probes
    from textgen.bundle import Bundle

    bundle = Bundle(chosen.model)
    found = probes.probe(
        bundle,
        dataset.load(_data_file(chosen)),
        chosen.headlines,
        lambda line: print(line, file=sys.stderr),
    )
    probes.save(bundle, found)
    _print_json(found)


def _add_evaluate(commands) -> None:
    command = _command(
        commands, "evaluate", _evaluate, "measure a model on validation and test"
    )
    command.add_argument("--data", type=Path, help=_FILE_HELP)
    command.add_argument(
        "--sweep",
        action="store_true",
        help="measure what the model writes at every temperature instead, and keep "
        "the figures in its folder",
    )
    command.add_argument(
        "--headlines",
        type=int,
        default=2000,
        help="with --sweep: how many to write at each temperature",
    )
    _add_model_and_output(command)


def _data_file(chosen: argparse.Namespace) -> Path:
    path = chosen.data or dataset.locate()
    if path is None:
        raise TextgenError(
            f"no dataset in {DATA}/. Give one with --data FILE, or fetch it with "
            "`python -m textgen dataset download`."
        )
    return path


def _evaluate(chosen: argparse.Namespace) -> None:
    from textgen import evaluation

    if chosen.sweep:
        _sweep(chosen)
        return
    generator = _generator(chosen)
    figures = evaluation.evaluate(generator, dataset.load(_data_file(chosen)))
    figures |= {"model": chosen.model, "engine": chosen.engine}
    if chosen.json:
        _print_json(figures)
        return
    for name, value in figures.items():
        shown = f"{value:.4f}" if isinstance(value, float) else value
        print(f"{name:44} {shown}")


def _sweep(chosen: argparse.Namespace) -> None:
    from textgen import sweep
    from textgen.bundle import Bundle
    from textgen.generator import HeadlineGenerator

    bundle = Bundle(chosen.model)
    found = sweep.sweep(
        HeadlineGenerator.from_bundle(bundle, chosen.engine),
        dataset.load(_data_file(chosen)),
        headlines=chosen.headlines,
        show=lambda line: print(line, file=sys.stderr),
    )
    sweep.save(bundle, found)
    if chosen.json:
        _print_json(found)
    else:
        print(
            f"{_shown(bundle.folder / sweep.FILE)}: {found['headlines']} headlines each"
        )


def _add_train(commands) -> None:
    command = _command(commands, "train", _train, "train a model and write its bundle")
    command.add_argument("--data", type=Path, help=_FILE_HELP)
    command.add_argument("--name", default="my-headlines", help="the model's name")
    command.add_argument(
        "--output", type=Path, help="folder of the run (default: runs/NAME)"
    )
    command.add_argument(
        "--bundle",
        type=Path,
        help="folder of the finished model (default: assets/models/NAME)",
    )
    command.add_argument(
        "--resume", action="store_true", help="continue the run in --output"
    )
    command.add_argument(
        "--limit", type=int, default=0, help="train on so many headlines only; 0: all"
    )
    command.add_argument(
        "--note", default="", help="what the model card should say about this run"
    )
    shape = command.add_argument_group("the network")
    shape.add_argument("--cell", choices=CELLS, default="gru", help="recurrent cell")
    shape.add_argument("--embedding", type=int, default=256, help="width of a token")
    shape.add_argument("--units", type=int, default=640, help="width of the state")
    shape.add_argument("--layers", type=int, default=1, help="recurrent layers")
    shape.add_argument("--dropout", type=float, default=0.2, help="share silenced")
    shape.add_argument(
        "--level",
        choices=("subword", "character", "word"),
        default="subword",
        help="what a token is",
    )
    shape.add_argument(
        "--vocabulary", type=int, default=8192, help="tokens in all, at most"
    )
    how = command.add_argument_group("the recipe")
    glosses = {
        "epochs": "passes over the train split",
        "batch_size": "headlines per step",
        "learning_rate": "at its peak; falls to zero along a cosine",
        "warmup_steps": "steps in which it rises",
        "weight_decay": "AdamW's",
        "clip_norm": "largest length of the gradient",
        "category_dropout": "share of headlines trained as any category",
        "sampled_words": "softmax candidates per step; 0: the whole vocabulary",
        "longest": "longer headlines (in tokens) are not trained on",
        "patience": "epochs without a better validation figure before stopping",
        "seed": "of weights, order, dropout and candidates",
    }
    for f in fields(Recipe):
        how.add_argument(
            f"--{f.name.replace('_', '-')}",
            type=type(f.default),
            default=f.default,
            help=glosses[f.name],
        )


def _train(chosen: argparse.Namespace) -> None:
    # TensorFlow's start-up notes would bury the progress bar.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    from textgen import workflow

    options = vars(chosen)
    finished = workflow.train(
        _data_file(chosen),
        chosen.output or RUNS / chosen.name,
        chosen.bundle or MODELS / chosen.name,
        level=chosen.level,
        vocabulary_size=chosen.vocabulary,
        model={
            name: options[name]
            for name in ("cell", "embedding", "units", "layers", "dropout")
        },
        recipe=Recipe.from_dict(options),
        resume=chosen.resume,
        limit=chosen.limit,
        command=training_command(chosen),
        note=chosen.note,
    )
    figure = finished.facts["figures"]["test_bits_per_character"]
    print(f"{_shown(finished.folder)}: {figure:.4f} bits per character on test")


def training_command(chosen: argparse.Namespace) -> str:
    """The shortest command line that trains the same model again."""
    default = vars(parser().parse_args(["train"]))
    words = ["python", "-m", "textgen", "train"]
    for name, value in vars(chosen).items():
        if name in ("command", "run", "resume", "output", "bundle", "data", "note"):
            continue
        if value != default[name]:
            words += [f"--{name.replace('_', '-')}", str(value)]
    return shlex.join(words)


def _add_dataset(commands) -> None:
    command = _command(commands, "dataset", _dataset, "fetch the dataset, or sum it up")
    command.add_argument(
        "action",
        choices=("download", "summary"),
        help="download: fetch Kaggle's file into data/; summary: write the tables "
        "and the novelty index that the app ships",
    )
    command.add_argument("--data", type=Path, help=_FILE_HELP)
    command.add_argument(
        "--folder", type=Path, default=DATA, help="where the results go"
    )


def _dataset(chosen: argparse.Namespace) -> None:
    if chosen.action == "download":
        print(_shown(dataset.download(chosen.folder)))
        return
    from textgen import summary
    from textgen.bundle import NOVELTY
    from textgen.novelty import NoveltyIndex

    frame = dataset.read(_data_file(chosen))
    paths = summary.save(summary.summarise(frame), chosen.folder)
    cleaned = dataset.clean(frame)["headline"]
    train = [text for text in cleaned if dataset.split_of(text) == "train"]
    index = NoveltyIndex.build(train)
    index.save(chosen.folder / NOVELTY)
    for path in [*paths, chosen.folder / NOVELTY]:
        print(_shown(path))


def _add_figures(commands) -> None:
    command = _command(
        commands, "figures", _figures, "draw every chart for print, PNG and SVG"
    )
    command.add_argument(
        "--output", type=Path, default=ROOT / "figures", help="folder to write to"
    )
    command.add_argument("--model", default=DEFAULT_MODEL, help="whose training curves")


def _figures(chosen: argparse.Namespace) -> None:
    from textgen import figures, summary
    from textgen.bundle import Bundle

    drawn = figures.draw_all(summary.load(), Bundle(chosen.model).history())
    chosen.output.mkdir(parents=True, exist_ok=True)
    for name, figure in drawn.items():
        for kind in ("png", "svg"):
            path = chosen.output / f"{name}.{kind}"
            path.write_bytes(figures.render(figure, kind))
            print(_shown(path))


def _shown(path: Path) -> str:
    """A path as a person would type it from here."""
    path = Path(path).resolve()
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def _print_json(value: object) -> None:
    print(json.dumps(value, indent=2, ensure_ascii=False))
