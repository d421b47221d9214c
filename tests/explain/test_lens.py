"""The lens: opinions on the next token, and what the settings make of them."""

import numpy as np
import pytest

from textgen.corpus.tokenizer import END
from textgen.explain import contest, lens
from textgen.writing import sampling
from textgen.writing.chances import softmax
from textgen.writing.options import Options
from textgen.writing.rules import Context


@pytest.mark.parametrize(
    "limits",
    [
        {},
        {"top_k": 7},
        {"top_p": 0.6},
        {"min_p": 0.05},
        {"top_k": 50, "top_p": 0.9},
        {"typical_p": 0.4},
        {"min_p": 0.01, "typical_p": 0.9},
    ],
    ids=str,
)
@pytest.mark.parametrize("temperature", [0.05, 0.3, 1.0, 3.0])
def test_chances_are_those_of_sampling(generator, temperature, limits):
    options = Options(temperature=temperature, prompt="Why", **limits)
    seen = lens.look(generator, options)
    logits, _, given = generator.read("Why")
    used = Context([[token.id for token in given]])
    shaped = sampling.shape(logits, options, used, [generator.tokenizer.forbidden])
    whole = softmax(shaped.astype(np.float64))[0]
    chances = lens.probabilities(seen, options)
    assert chances.sum() == pytest.approx(1, abs=1e-9)
    np.testing.assert_allclose(chances, whole[seen.tokens], atol=1e-6)
    assert np.delete(whole, seen.tokens).sum() == 0


def test_an_opinion_is_how_far_behind_the_favourite_a_token_stands(generator):
    seen = lens.look(generator, Options(prompt="10 Ways"))
    logits, _, _ = generator.read("10 Ways")
    order = np.argsort(-logits[0])
    forbidden = generator.tokenizer.forbidden
    top = [i for i in order if i not in forbidden][: lens.SHOWN]
    behind = logits[0, top] - logits[0, top[0]]
    np.testing.assert_allclose(seen.opinions[: lens.SHOWN], behind, atol=1e-5)
    # The same as in the contest that says why a word was picked.
    (first, *_) = contest.contests(generator, Options(prompt="10 Ways"), 0.05, 3.0)
    named = dict(zip(seen.texts, seen.opinions.tolist(), strict=False))
    shared = [c for c in first.candidates if c.text in named]
    assert len(shared) >= contest.FAVOURITES
    for candidate in shared:
        assert candidate.opinion == named[candidate.text]
    for i, text in zip(top, seen.texts, strict=True):
        assert text == ("" if i == END else generator.tokenizer.spelling(int(i)))
    allowed = generator.tokenizer.vocabulary_size - len(forbidden)
    assert seen.opinions.shape == (allowed,)
    assert seen.opinions[0] == 0
    assert (np.diff(seen.opinions) <= 0).all()


def test_looking_changes_nothing(generator):
    seen = lens.look(generator, Options(prompt="Why"))
    before = seen.opinions.copy()
    lens.probabilities(seen, Options(temperature=0.01, top_k=3, min_p=0.2))
    assert (seen.opinions == before).all()


@pytest.mark.parametrize("limits", [{}, {"top_k": 7}, {"top_p": 0.6}], ids=str)
@pytest.mark.parametrize("penalty", [1.0, 1.5])
@pytest.mark.parametrize("temperature", [0.0, 0.7, 2.0])
def test_words_that_must_not_be_written_are_seen_and_have_no_chance(
    generator, temperature, penalty, limits
):
    """In the middle of a word not all pieces lead on to one that may stand."""
    prompt = "Why The Whit"
    free = Options(prompt=prompt, repetition_penalty=penalty)
    options = free.but(
        temperature=temperature, real_words=True, class_safe=True, **limits
    )
    seen = lens.look(generator, options)
    assert {*seen.tokens} == {*lens.look(generator, free).tokens}
    assert 0 < np.count_nonzero(seen.may[: lens.SHOWN]) < lens.SHOWN
    logits, _, given = generator.read(prompt)
    context = Context([[token.id for token in given]], len(given))
    forbidden = generator.forbidden(context, options)
    shaped = sampling.shape(logits, options, context, forbidden)
    whole = softmax(shaped.astype(np.float64))[0]
    chances = lens.probabilities(seen, options)
    assert not chances[~seen.may].any()
    np.testing.assert_allclose(chances, whole[seen.tokens], atol=1e-6)


def test_with_any_word_all_may_be_written(generator):
    assert lens.look(generator, Options(prompt="Why")).may.all()
