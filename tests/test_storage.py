"""Files of facts are read and written by one function each way."""

import pytest

from textgen import storage
from textgen.errors import FactsError


def test_facts_come_back_as_they_were_written(tmp_path):
    path = tmp_path / "facts.json"
    facts = {"name": "Käse\u2028🧀", "deep": {"list": [1, 2.5, None]}}
    storage.write_facts(path, facts)
    assert storage.read_facts(path, ["name", "deep"]) == facts
    assert [p.name for p in tmp_path.iterdir()] == ["facts.json"]


def test_records_are_lines_whatever_they_hold(tmp_path):
    path = tmp_path / "records.jsonl"
    records = [{"text": "one\nline\u2028still the same\x85"}, {"text": ""}]
    storage.write_records(path, records)
    assert path.read_text(encoding="utf-8").count("\n") == 2
    assert storage.read_records(path) == records


def test_what_cannot_be_written_leaves_the_file_as_it_was(tmp_path):
    path = tmp_path / "facts.json"
    storage.write_facts(path, {"a": 1})
    with pytest.raises(TypeError):
        storage.write_facts(path, {"a": {1, 2}})
    assert storage.read_facts(path) == {"a": 1}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (None, "cannot be read"),
        (b"\xff", "cannot be read"),
        (b'{"a": 1', "cannot be read"),
        (b"[1]", "is not a JSON object"),
        (b'{"b": 1}', "has no field 'a'"),
    ],
)
def test_damaged_facts_are_named(tmp_path, data, said):
    path = tmp_path / "facts.json"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(FactsError, match=rf"facts\.json: {said}"):
        storage.read_facts(path, ["a"])


@pytest.mark.parametrize("data", [b"{}\n{", b"{}\n[]\n"])
def test_damaged_records_are_named(tmp_path, data):
    path = tmp_path / "records.jsonl"
    path.write_bytes(data)
    with pytest.raises(FactsError, match=r"records\.jsonl: (cannot|has a line)"):
        storage.read_records(path)
