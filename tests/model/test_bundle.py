"""A bundle is whole, or says what is wrong with it."""

import json
import shutil

import pytest

from textgen.errors import BundleError
from textgen.model import bundle as bundles
from textgen.model.bundle import CONFIG, REQUIRED, Bundle, available
from textgen.writing.generator import Generator


@pytest.fixture
def copy(bundle, tmp_path):
    folder = tmp_path / "model"
    shutil.copytree(bundle.folder, folder)
    return folder


def use(folder):
    """Everything that the app does with a bundle."""
    opened = Bundle(folder)
    opened.history(), opened.samples(), opened.model_card(), opened.weights
    return Generator.from_bundle(opened).generate(seed=1)


def test_a_copy_works(copy, generator):
    assert use(copy) == generator.generate(seed=1)


@pytest.mark.parametrize("name", REQUIRED)
def test_a_missing_file_is_named(copy, name):
    (copy / name).unlink()
    with pytest.raises(BundleError, match=f"{name}: is missing"):
        use(copy)


@pytest.mark.parametrize("name", REQUIRED)
def test_a_truncated_file_is_named(copy, name):
    path = copy / name
    path.write_bytes(path.read_bytes()[:-7])
    with pytest.raises(BundleError, match=f"{name}: has .* bytes instead of"):
        use(copy)


@pytest.mark.parametrize("name", REQUIRED)
def test_a_tampered_file_is_named(copy, name):
    path = copy / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(BundleError, match=f"{name}: its contents do not match"):
        use(copy)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"format_version": 99}, "format_version is 99"),
        ({"model": {"cell": "tree"}}, "'model' is wrong"),
        ({"files": {}}, f"does not list {REQUIRED[0]}"),
        (
            {"files": {"../../etc/passwd": {"bytes": 1, "sha256": ""}}},
            "'files' is wrong",
        ),
        ({"files": 3}, "'files' is wrong"),
        ({"corpus": {"language": "klingon"}}, "'corpus' is wrong .*one of spaced, jap"),
    ],
)
def test_a_wrong_config_is_named(copy, change, said):
    path = copy / CONFIG
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(BundleError, match=said):
        use(copy)


@pytest.mark.parametrize("content", ["", "[]", "{"])
def test_a_damaged_config_is_named(copy, content):
    (copy / CONFIG).write_text(content)
    with pytest.raises(BundleError, match=CONFIG):
        use(copy)


def test_no_model_there_lists_those_that_are():
    with pytest.raises(BundleError, match="headlines-gru"):
        Bundle("no-such-model")
    assert available()[0] == "headlines-gru"


def test_the_shipped_bundle_is_small_and_complete(bundle):
    size = sum(path.stat().st_size for path in bundle.folder.iterdir())
    assert size < 25 * 2**20
    history = bundle.history()
    assert [row["epoch"] for row in history] == list(range(len(history)))
    filmed = {(frame["epoch"], frame["temperature"]) for frame in bundle.samples()}
    assert filmed == {
        (row["epoch"], t) for row in history for t in (0.0, 0.2, 0.7, 1.0)
    }
    card = bundle.model_card()
    for section in ("Data", "Recipe", "Figures", "Limits", "Licence"):
        assert f"## {section}" in card
    assert f"{bundle.facts['figures']['test_bits_per_character']:.4f}" in card
    assert bundle.facts["training"]["command"] in card
    assert bundle.novelty is not None


def test_the_shipped_model_meets_its_bar(bundle):
    assert bundle.facts["figures"]["test_bits_per_character"] <= 1.56


def test_nothing_in_a_bundle_loads_by_running_code(bundle):
    kinds = {path.suffix for path in bundle.folder.iterdir()}
    assert kinds == {".safetensors", ".onnx", ".json", ".csv", ".jsonl", ".md"}


@pytest.mark.parametrize("name", available())
def test_the_film_of_a_model_that_ships_is_whole(name):
    """No character of it is broken, and none is known to be lost."""
    for record in Bundle(name).samples():
        for headline in record["headlines"]:
            assert "\ufffd" not in headline["text"]
            assert headline["text"][0] != " "


def test_facts_beside_a_model_are_checked_and_read_as_written(copy):
    opened = Bundle(copy)
    assert opened.read_facts("none.json") is None
    facts = {"count": 3, "words": ["Käse\u2028🧀"]}
    opened = opened.with_facts("mine.json", facts)
    assert Bundle(copy).read_facts("mine.json", ["count"]) == facts
    with pytest.raises(BundleError, match=r"mine\.json: has no field 'jobs'"):
        opened.read_facts("mine.json", ["count", "jobs"])
    path = copy / "mine.json"
    path.write_text(path.read_text(encoding="utf-8").replace("3", "4"), "utf-8")
    with pytest.raises(BundleError, match=r"mine\.json: its contents do not match"):
        Bundle(copy).read_facts("mine.json")


def test_new_facts_make_no_altered_file_right(copy):
    """The checksums of what was there already stay as they were."""
    opened = Bundle(copy)
    path = copy / "weights.safetensors"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    opened.with_facts("mine.json", {})
    again = bundles.revise(Bundle(copy), {"note": 1}, opened.model_card())
    assert again.facts["note"] == 1 and again.model_card() == opened.model_card()
    with pytest.raises(BundleError, match="weights.safetensors: its contents do not"):
        _ = again.weights


def test_samples_are_lines_whatever_a_text_holds(bundle, tmp_path):
    samples = [{"epoch": 0, "headlines": [{"text": "one\u2028line\x85 still"}]}]
    written = bundles.write(
        tmp_path / "model",
        {"name": "m", "model": bundle.config.to_dict()},
        bundle.weights,
        bundle.tokenizer,
        bundle.path(bundles.HISTORY),
        samples,
        "card",
        lambda path: path.write_bytes(bundle.path(bundles.STEP_GRAPH).read_bytes()),
    )
    assert written.samples() == samples
