"""The training film: what the model wrote after each epoch."""

import pytest

from textgen.corpus.language import SPACED
from textgen.study import film


def test_the_film_leaves_out_what_stands_in_the_dataset(speller):
    frames = film.frames(speller, 3)
    assert [frame["temperature"] for frame in frames] == [0.0, 0.2, 0.7, 1.0]
    assert frames[0]["headlines"] == [{"text": "keras sings", "ended": True}]
    known = film.known_headlines(["Keras Sings!"], SPACED)
    censored = film.frames(speller, 3, known)
    assert censored[0]["headlines"] == []
    assert censored[0]["left_out"] == 1


@pytest.mark.dataset
def test_no_shipped_sample_stands_in_the_dataset(bundle, real_frame):
    known = film.known_headlines(real_frame["headline"], SPACED)
    for frame in bundle.samples():
        for line in frame["headlines"]:
            assert tuple(SPACED.compared(line["text"])) not in known
