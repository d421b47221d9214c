"""Reading, cleaning and splitting the dataset."""

import gzip
import json
import zipfile

import pandas as pd
import pytest

from textgen.corpus import news
from textgen.corpus.corpus import split_of
from textgen.errors import DatasetError

ROW = {
    "link": "https://example.org",
    "headline": "Owl Wins Again",
    "category": "SPORTS",
    "short_description": "It did.",
    "authors": "",
    "date": "2020-01-02",
}


def write(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_reads_json_gzip_and_zip_alike(tmp_path):
    plain = write(tmp_path / "a.json", [ROW, {**ROW, "headline": "Second"}])
    packed = tmp_path / "a.json.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.write(plain, "News_Category_Dataset_v3.json")
    frames = [news.read(path) for path in (plain, packed, archive)]
    assert list(frames[0]["headline"]) == ["Owl Wins Again", "Second"]
    assert frames[0]["date"][0] == pd.Timestamp("2020-01-02")
    for frame in frames[1:]:
        pd.testing.assert_frame_equal(frame, frames[0])


def test_reads_version_2_whose_fields_stand_in_another_order(tmp_path):
    keys = ("category", "headline", "authors", "link", "short_description", "date")
    path = write(tmp_path / "v2.json", [{key: ROW[key] for key in keys}])
    assert news.read(path)["category"][0] == "SPORTS"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"headline": "a"\n', "line 1 is not JSON"),
        (json.dumps(ROW) + "\n{broken\n", "line 2 is not JSON"),
        (json.dumps({"headline": "a"}) + "\n", "field 'category' is missing"),
        (json.dumps(ROW | {"headline": 3}) + "\n", "field 'headline' is int"),
        (json.dumps(ROW | {"date": "soon"}) + "\n", "field 'date' is 'soon'"),
        ("[1, 2]\n", "line 1 is a JSON list"),
        ("headline,category\na,b\n", "one JSON object per line"),
        ("", "the file is empty"),
    ],
)
def test_says_what_is_wrong_and_where(tmp_path, content, said):
    path = tmp_path / "broken.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DatasetError) as caught:
        news.read(path)
    assert said in str(caught.value)
    assert "broken.json" in str(caught.value)


def test_a_missing_file_says_how_to_get_it(tmp_path):
    with pytest.raises(DatasetError, match="dataset download"):
        news.read(tmp_path / "none.json")


def test_a_cut_off_archive_is_named(tmp_path):
    whole = gzip.compress((json.dumps(ROW) + "\n").encode() * 2000)
    path = tmp_path / "cut.json.gz"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DatasetError, match=r"cut\.json\.gz.*incomplete"):
        news.read(path)


def test_an_archive_of_something_else_is_named(tmp_path):
    path = tmp_path / "other.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("readme.txt", "hello")
    with pytest.raises(DatasetError, match=r"no \.json file.*readme\.txt"):
        news.read(path)


def test_text_in_another_encoding_is_named(tmp_path):
    path = tmp_path / "latin.json"
    path.write_bytes(b'{"headline": "caf\xe9"}\n')
    with pytest.raises(DatasetError, match="not UTF-8"):
        news.read(path)


def test_cleaning_normalises_and_drops_empty_and_repeated():
    texts = ["  A  b\u00a0c ", "", "a B c", "Cafe\u0301", "Café", " "]
    frame = pd.DataFrame({"headline": texts, "category": list("abcdef")})
    cleaned = news.clean(frame)
    assert list(cleaned["headline"]) == ["A b c", "Café"]
    assert list(cleaned["category"]) == ["a", "d"]
    assert list(frame["headline"]) == texts


def test_split_depends_on_the_text_alone():
    assert split_of("Owl Wins") == split_of("OWL wins")
    splits = [split_of(f"headline {i}") for i in range(4000)]
    assert 0.88 < splits.count("train") / 4000 < 0.92
    # Pinned: these must never change, or models would be judged on what they saw.
    assert [split_of(f"pin {i}") for i in range(12)].count("train") == PINNED


PINNED = 11


def test_download_without_a_network_says_what_to_do(tmp_path, monkeypatch):
    import kagglehub

    def unreachable(handle):
        raise ConnectionError(f"cannot reach {handle}")

    monkeypatch.setattr(kagglehub, "dataset_download", unreachable)
    with pytest.raises(DatasetError, match="by hand from kaggle.com"):
        news.download(tmp_path / "data")
    assert not (tmp_path / "data").exists()


def test_download_puts_the_file_in_place(tmp_path, monkeypatch):
    import kagglehub

    source = tmp_path / "cache"
    source.mkdir()
    write(source / "News_Category_Dataset_v3.json", [ROW])
    monkeypatch.setattr(kagglehub, "dataset_download", lambda handle: str(source))
    path = news.download(tmp_path / "data")
    assert news.locate(tmp_path / "data") == path
    assert len(news.read(path)) == 1


@pytest.mark.dataset
def test_the_real_dataset_has_its_known_size(real_file, real_frame):
    assert len(news.read(real_file)) == 209_527
    assert len(real_frame) == 207_945
    counts = real_frame["split"].value_counts()
    assert counts["train"] == 187_048
    assert counts["validation"] == 10_443
    assert counts["test"] == 10_454
