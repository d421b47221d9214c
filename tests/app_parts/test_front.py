"""What the first page sends to the browser."""

import pytest

from app_parts import front
from textgen.corpus.novelty import Novelty
from textgen.writing.options import Options
from textgen.writing.text import Text, Token


def token(text, rank=1, given=False, log_probability=-1.0):
    return Token(5, text, log_probability, rank, given, text.encode())


def written(*tokens, ended=True, novelty=None):
    text = "".join(t.text for t in tokens).strip()
    return Text(0, text, "", tokens, ended, novelty)


def test_a_prompt_is_set_apart_even_inside_a_word():
    item = written(token(" Why 🦉", given=True), token(" Tru", given=True), token("mp"))
    assert front.text_data(item)["given"] == "Why 🦉 Tru"
    assert front.text_data(written(token(" Owl")))["given"] == ""


def test_every_word_has_its_rank_and_its_chance():
    item = written(token(" a", 10), token(" b", 7), token("c", 1001))
    sent = front.text_data(item)
    assert sent["words"] == ["a", "bc"]
    assert sent["ranks"] == [10, 1001]
    assert sent["chances"] == [0.368, 0.135]
    assert sent["log_p"] == -3.0


def test_the_marker_covers_the_run_that_was_seen():
    words = [token(" One"), token(" (Two"), token(" –"), token(" Three)"), token(" x")]
    item = written(*words, novelty=Novelty(False, 2, 4, (1, 3)))
    sent = front.text_data(item)
    assert sent["marked"] == [1, 3]
    assert (sent["run"], sent["of"]) == (2, 4)


def test_whether_it_is_copied_is_not_said_where_nobody_knows():
    copied = written(token(" Owl"), novelty=Novelty(True, 1, 1, (0, 1)))
    assert front.text_data(copied)["copied"]
    unknown = front.text_data(written(token(" Owl"), ended=False))
    assert (unknown["run"], unknown["copied"], unknown["ended"]) == (None, False, False)


@pytest.mark.parametrize("prompt", ["", "Why", "The Owl Th"])
def test_a_word_leads_to_the_choice_that_began_it(generator, prompt):
    options = Options(prompt=prompt, seed=4, temperature=1.2)
    item = generator.generate(options)[0]
    chosen = [one for one in item.tokens if not one.given]
    given = len(item.tokens) - len(chosen)
    for word in range(len(item.words)):
        step = front.step_of(item, word, generator.text_of)
        before = generator.text_of(item.tokens[: given + step])
        after = generator.text_of(item.tokens[: given + step + 1])
        if word >= len(prompt.split()):
            assert len(before.split(" ")) <= word or not before
            assert len(after.split(" ")) == word + 1
