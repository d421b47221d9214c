"""The model card: what a model is, how it was made, what it is good for."""

from __future__ import annotations

from collections.abc import Mapping

from textgen.corpus.corpus import CorpusFacts, Noun
from textgen.model.cells import CELLS


def write(facts: Mapping) -> str:
    """Write a model card.

    Args:
        facts: a bundle's ``config.json``; figures may be missing.

    Returns:
        Markdown; every number in it comes from ``facts``.
    """
    model, recipe, training = facts["model"], facts["recipe"], facts["training"]
    corpus = CorpusFacts.from_dict(facts.get("corpus", {}))
    one, many = corpus.noun.one, corpus.noun.many
    categories = f", in {len(model['categories'])} categories"
    cell = CELLS[model["cell"]].noun
    limits = "".join(f"- {sentence}\n" for sentence in corpus.limits)
    hidden = f"the category hidden in {recipe['category_dropout']:.0%} of readings; "
    layers = f"{model['layers']} layer" + ("s" if model["layers"] > 1 else "")
    candidates = (
        f"{recipe['sampled_words']:,} sampled candidates per step (every reported "
        "figure uses the whole vocabulary)"
        if recipe["sampled_words"]
        else "the whole vocabulary"
    )
    return f"""# {facts["name"]}

A recurrent language model that writes {many}: token \
{"and category " if model["categories"] else ""}embedding \
({model["embedding"]}) → {cell} ({layers} of {model["units"]} units) → projection → \
softmax tied to the embedding. \
{training["parameters"]:,} parameters.

## Data

{corpus.about or f"The bundle does not say where its {many} are from"}\
{categories if model["categories"] else ""}. \
{f"{corpus.prepared}. " if corpus.prepared else ""}This model was given \
{training["train_headlines"]:,} train {many}{_extra(corpus, training)}; texts of more \
than {recipe["longest"]} tokens were not trained on.

{f"{corpus.licence} " if corpus.licence else ""}No {one} is part of this bundle; the \
index that tells copied from new holds hashes.

## Recipe

{facts["tokenizer"]["level"].capitalize()} tokens, \
{facts["tokenizer"]["vocabulary_size"]:,} in all. AdamW, peak learning rate \
{recipe["learning_rate"]:g}, {recipe["warmup_steps"]} warm-up steps, cosine to zero; \
{recipe["epochs"]} epochs of batches of {recipe["batch_size"]} \
{many}{_extra_epochs(corpus, training, recipe)}; dropout \
{model["dropout"]:g}{_recurrent_dropout(model)}; weight decay \
{recipe["weight_decay"]:g}; gradient clipped at {recipe["clip_norm"]:g}; \
{hidden if model["categories"] else ""}softmax over \
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

{_figures(facts.get("figures"), many, bool(model["categories"]))}
{_peers(facts)}
## Limits

- It writes what {corpus.whose or f"the {many} that it learnt from"} make likely: \
their topics, names, slants and mistakes. Nothing it writes is a fact.
{limits}\
- It reads at most one {one}; longer texts are out of its experience.
- Some {many} it writes are copies of its training data: each is checked and marked.

## Licence

Code and weights: MIT, as the project.\
{f" Attribution for the data: {corpus.credits}." if corpus.credits else ""}
"""


def minutes(seconds: float) -> str:
    """A time in minutes as tables say it: whole ones, tenths below one minute."""
    return f"{seconds / 60:.{int(seconds < 60)}f}"


def cores(peer: Mapping) -> str:
    """How many of the machine's cores a run had, for a table; empty where unknown."""
    return f" ({peer['cores']} cores)" if peer["cores"] else ""


def _extra(corpus: CorpusFacts, training: Mapping) -> str:
    """Texts of another kind that the model was given as well."""
    count = training.get("train_descriptions", 0)
    if not count:
        return ""
    return f" and {count:,} {corpus.extra_about or _extra_noun(corpus).many}"


def _extra_epochs(corpus: CorpusFacts, training: Mapping, recipe: Mapping) -> str:
    epochs = recipe.get("description_epochs", 0)
    if not (epochs and training.get("train_descriptions", 0)):
        return ""
    return (
        f", the first {epochs} with {recipe['description_share']:.0%} of the "
        f"{_extra_noun(corpus).many} among them"
    )


def _extra_noun(corpus: CorpusFacts) -> Noun:
    return corpus.extra or Noun("other text", "other texts")


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


def _figures(figures: Mapping | None, many: str, told: bool) -> str:
    if not figures:
        return "Not measured yet: `python -m textgen evaluate --data FILE`."
    blind = "test_bits_per_character_without_category"
    rows = [
        ("bits per character, test", ", category given", "test_bits_per_character"),
        ("bits per character, test", ", any category", blind),
        (
            "bits per character, validation",
            ", category given",
            "validation_bits_per_character",
        ),
    ]
    lines = ["| measure | value |", "|---|---|"]
    lines += [
        f"| {label}{which if told else ''} | {figures[key]:.4f} |"
        for label, which, key in rows
        if told or key != blind
    ]
    lines.append(f"| perplexity per token, test | {figures['perplexity']:.2f} |")
    return "\n".join(lines) + (
        f"\n\nMeasured on {figures['test_headlines']:,} test {many} "
        f"({figures['test_tokens']:,} tokens) with the engine that the app runs "
        "(int8), by `python -m textgen evaluate --data FILE`. Bits per character: "
        "total bits, end token included, over characters + 1 each."
    )
