"""The model card: what a model is, how it was made, what it is good for."""

from __future__ import annotations

from collections.abc import Mapping

_CELL_NAMES = {"gru": "GRU", "lstm": "LSTM", "rnn": "simple RNN"}


def write(facts: Mapping) -> str:
    """Write a model card.

    Args:
        facts: a bundle's ``config.json``; figures may be missing.

    Returns:
        Markdown; every number in it comes from ``facts``.
    """
    model, recipe, training = facts["model"], facts["recipe"], facts["training"]
    cell = _CELL_NAMES[model["cell"]]
    layers = f"{model['layers']} layer" + ("s" if model["layers"] > 1 else "")
    candidates = (
        f"{recipe['sampled_words']:,} sampled candidates per step (every reported "
        "figure uses the whole vocabulary)"
        if recipe["sampled_words"]
        else "the whole vocabulary"
    )
    return f"""# {facts["name"]}

A recurrent language model that writes news headlines: token and category embedding \
({model["embedding"]}) → {cell} ({layers} of {model["units"]} units) → projection → \
softmax tied to the embedding. \
{training["parameters"]:,} parameters.

## Data

News Category Dataset by Rishabh Misra (arXiv:2209.11429): headlines that HuffPost \
published from 2012 to 2022, in {len(model["categories"])} categories. Cleaned \
(Unicode NFC, white space, repeats dropped) and split by content hash: 90 % train, \
5 % validation, 5 % test. This model was given {training["train_headlines"]:,} train \
headlines{_descriptions(training)}; texts of more than {recipe["longest"]} tokens were \
not trained on.

The headlines are HuffPost's. The dataset's licence is reported as CC BY 4.0 by \
secondary sources; we have not been able to confirm it from the publisher's page. No \
headline is part of this bundle; the index that tells copied from new holds hashes.

## Recipe

{facts["tokenizer"]["level"].capitalize()} tokens, \
{facts["tokenizer"]["vocabulary_size"]:,} in all. AdamW, peak learning rate \
{recipe["learning_rate"]:g}, {recipe["warmup_steps"]} warm-up steps, cosine to zero; \
{recipe["epochs"]} epochs of batches of {recipe["batch_size"]} \
headlines{_description_epochs(recipe)}; dropout \
{model["dropout"]:g}{_recurrent_dropout(model)}; weight decay \
{recipe["weight_decay"]:g}; gradient clipped at {recipe["clip_norm"]:g}; the category \
hidden in {recipe["category_dropout"]:.0%} of readings; softmax over \
{candidates}; products in {recipe.get("precision", "float32")}; seed {recipe["seed"]}.

Trained with {training["backend"]} on {training["machine"]}, in \
{minutes(training["seconds"])} minutes ({training["epochs"]} epochs; epoch \
{training["best_epoch"]} was the best on validation and is what ships). The same \
command trains it again:

```
{training["command"]}
```
{_note(training)}
## Figures

{_figures(facts.get("figures"))}
{_peers(facts)}
## Limits

- It writes what HuffPost's headlines of 2012 to 2022 make likely: their topics, \
names, slants and mistakes. Nothing it writes is a fact, and names of real people \
appear in sentences that nobody wrote. Do not publish its output as news.
- It knows nothing after September 2022, little after 2018 (96 % of the headlines are \
from 2018 or before), and no language but English.
- It reads at most one headline; longer texts are out of its experience.
- Some headlines it writes are copies of its training data: each is checked and marked.

## Licence

Code and weights: MIT, as the project. Attribution for the data: Rishabh Misra, "News \
Category Dataset", arXiv:2209.11429.
"""


def minutes(seconds: float) -> str:
    """A time in minutes as tables say it: whole ones, tenths below one minute."""
    return f"{seconds / 60:.{int(seconds < 60)}f}"


def cores(peer: Mapping) -> str:
    """How many of the machine's cores a run had, for a table; empty where unknown."""
    return f" ({peer['cores']} cores)" if peer["cores"] else ""


def _descriptions(training: Mapping) -> str:
    count = training.get("train_descriptions", 0)
    if not count:
        return ""
    return (
        f" and {count:,} short descriptions of train articles, each word with a "
        "capital (none that quotes a validation or test headline)"
    )


def _description_epochs(recipe: Mapping) -> str:
    epochs = recipe.get("description_epochs", 0)
    if not epochs:
        return ""
    share = recipe["description_share"]
    return f", the first {epochs} with {share:.0%} of the descriptions among them"


def _recurrent_dropout(model: Mapping) -> str:
    share = model.get("recurrent_dropout", 0.0)
    return f", of recurrent weights {share:g}" if share else ""


def _note(training: Mapping) -> str:
    return f"\n{training['note']}\n" if training.get("note") else ""


def _peers(facts: Mapping) -> str:
    rows = facts.get("peers")
    if not rows:
        return ""
    lines = [
        "",
        "Beside other models, same data, same split, same measure (how each was "
        "trained and what was not tuned: `benchmarks/results/quality.csv`):",
        "",
        "| model | category | parameters | trained, minutes "
        "| bits per character, test |",
        "|---|---|---|---|---|",
    ]
    for row in rows:
        name = f"**{row['model']}**" if row["model"] == facts["name"] else row["model"]
        lines.append(
            f"| {name} | {'given' if row['told_category'] else 'not given'} | "
            f"{row['parameters']:,} | {minutes(row['training_seconds'])}{cores(row)} | "
            f"{row['test_bits_per_character']:.4f} |"
        )
    return "\n".join(lines) + "\n"


def _figures(figures: Mapping | None) -> str:
    if not figures:
        return "Not measured yet: `python -m textgen evaluate --data FILE`."
    rows = (
        ("bits per character, test, category given", "test_bits_per_character"),
        (
            "bits per character, test, any category",
            "test_bits_per_character_without_category",
        ),
        (
            "bits per character, validation, category given",
            "validation_bits_per_character",
        ),
    )
    lines = ["| measure | value |", "|---|---|"]
    lines += [f"| {label} | {figures[key]:.4f} |" for label, key in rows]
    lines.append(f"| perplexity per token, test | {figures['perplexity']:.2f} |")
    return "\n".join(lines) + (
        f"\n\nMeasured on {figures['test_headlines']:,} test headlines "
        f"({figures['test_tokens']:,} tokens) with the engine that the app runs "
        "(int8), by `python -m textgen evaluate --data FILE`. Bits per character: "
        "total bits, end token included, over characters + 1 each."
    )
