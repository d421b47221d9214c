"""Dataset files as computers, browsers and editors leave them."""

import codecs
import gzip
import json
import zipfile

import pandas as pd
import pytest
from conftest import made_up_dataset, run_cli

from textgen.corpus import news
from textgen.errors import DatasetError

NAME = "News_Category_Dataset_v3.json"
ROWS = [
    {
        "link": f"https://example.org/{i}",
        "headline": headline,
        "category": "SPORTS",
        "short_description": "It did.",
        "authors": "",
        "date": "2020-01-02",
    }
    for i, headline in enumerate(["Owl Wins Again", "Café Ends “Soup” 🙂", "Third Owl"])
]
TEXT = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS)


def written(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def zipped(path, **members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def refusal(path):
    with pytest.raises(DatasetError) as caught:
        news.read(path)
    said = str(caught.value)
    assert str(path) in said
    assert "\n" not in said
    return said


@pytest.fixture
def expected(tmp_path):
    return news.read(written(tmp_path / "plain" / NAME, TEXT.encode()))


@pytest.mark.parametrize(
    "content",
    [
        codecs.BOM_UTF8 + TEXT.encode(),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r").encode(),
        TEXT.replace("\n", "\n\n").rstrip().encode(),
        codecs.BOM_UTF8 + TEXT.replace("\n", "\r\n").encode(),
        TEXT.encode("utf-16"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        "".join(json.dumps(row) + "\n" for row in ROWS).encode("ascii"),
    ],
    ids=[
        "mark",
        "windows-ends",
        "old-mac-ends",
        "blank-lines",
        "mark-and-windows-ends",
        "utf-16",
        "utf-16-big-endian",
        "utf-16-without-mark",
        "utf-16-big-endian-without-mark",
        "escaped",
    ],
)
@pytest.mark.parametrize("packing", ["plain", "gzip", "zip"])
def test_marks_line_ends_and_unicode_forms_are_read(
    tmp_path, expected, content, packing
):
    path = tmp_path / "file"
    if packing == "zip":
        zipped(path, **{NAME: content})
    else:
        path.write_bytes(gzip.compress(content) if packing == "gzip" else content)
    pd.testing.assert_frame_equal(news.read(path), expected)


def test_a_zip_made_on_a_mac_is_read(tmp_path, expected):
    path = zipped(
        tmp_path / "made-on-a-mac.zip",
        **{
            ".DS_Store": b"\x00\x01Bud1",
            NAME: TEXT,
            f"__MACOSX/._{NAME}": b"\x00\x05\x16\x07\xff",
            f"zz/._{NAME}": b"\x00\x05\x16\x07\xff",
        },
    )
    pd.testing.assert_frame_equal(news.read(path), expected)


def test_of_several_files_in_a_zip_the_datasets_newest_is_read(tmp_path, expected):
    other = json.dumps(ROWS[0] | {"headline": "Of Version Two"})
    members = {
        "zz.json": "{}",
        "news_category_dataset_V2.json": other,
        f"archive/{NAME}": TEXT,
        "License.TXT": "",
    }
    path = zipped(tmp_path / "several.zip", **members)
    pd.testing.assert_frame_equal(news.read(path), expected)
    said = refusal(zipped(tmp_path / "two.zip", **{"a.json": TEXT, "b.json": TEXT}))
    assert "several files that could be it (a.json, b.json)" in said
    renamed = zipped(tmp_path / "one.zip", **{"headlines.JSON": TEXT})
    pd.testing.assert_frame_equal(news.read(renamed), expected)


def test_what_is_packed_twice_is_unpacked_twice(tmp_path, expected):
    packed = gzip.compress(TEXT.encode())
    inner = zipped(tmp_path / "inner.zip", **{NAME: TEXT}).read_bytes()
    for number, members in enumerate(
        (
            {f"{NAME}.gz": packed},
            {"headlines.JSON.GZ": packed, "readme.txt": "hello"},
            {f"{NAME}.zip": inner},
            {"archive.zip": inner},
        )
    ):
        path = zipped(tmp_path / f"twice{number}.zip", **members)
        pd.testing.assert_frame_equal(news.read(path), expected)
    for content in (gzip.compress(packed), gzip.compress(inner)):
        path = written(tmp_path / f"{NAME}.gz", content)
        pd.testing.assert_frame_equal(news.read(path), expected)
    # Of several the plain one, as in a folder.
    both = {f"{NAME}.gz": gzip.compress(b"{}"), NAME: TEXT}
    pd.testing.assert_frame_equal(
        news.read(zipped(tmp_path / "both.zip", **both)), expected
    )
    both = {"a.json": TEXT, "b.json.gz": packed}
    said = refusal(zipped(tmp_path / "odd.zip", **both))
    assert "several files that could be it (a.json, b.json.gz)" in said


def test_a_file_that_unpacks_to_ever_more_files_is_refused(tmp_path):
    content = TEXT.encode()
    for _ in range(30):
        content = gzip.compress(content)
    path = written(tmp_path / "deep.json.gz", content)
    assert "packed more than" in refusal(path)


def test_a_zip_with_a_password_is_named(tmp_path):
    path = zipped(tmp_path / "secret.zip", **{NAME: TEXT})
    content = bytearray(path.read_bytes())
    content[6] |= 1  # the flag in the file's own header, and in the directory's
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    assert f"{NAME} in it needs a password. Unpack" in refusal(path)


def test_a_zip_packed_by_an_unknown_method_is_named(tmp_path):
    path = zipped(tmp_path / "odd.zip", **{NAME: TEXT})
    content = bytearray(path.read_bytes())
    directory = content.index(b"PK\x01\x02")
    content[8:10] = content[directory + 10 : directory + 12] = (97).to_bytes(
        2, "little"
    )
    path.write_bytes(content)
    assert "cannot be unpacked" in refusal(path)


@pytest.mark.parametrize("keep", [0.0, 0.001, 0.5, 0.99])
@pytest.mark.parametrize("packing", ["gzip", "zip"])
def test_a_cut_off_file_is_called_incomplete(tmp_path, keep, packing):
    text = TEXT * 3000
    path = tmp_path / "cut"
    if packing == "zip":
        zipped(path, **{NAME: text})
        whole = path.read_bytes()
    else:
        whole = gzip.compress(text.encode())
    path.write_bytes(whole[: max(2, int(len(whole) * keep))])
    assert "incomplete" in refusal(path)


def test_damage_inside_a_gzip_is_named(tmp_path):
    content = bytearray(gzip.compress((TEXT * 3000).encode()))
    content[len(content) // 2] ^= 0xFF
    content[len(content) // 2 + 1] ^= 0xFF
    said = refusal(written(tmp_path / "damaged.json.gz", bytes(content)))
    assert "line" in said or "cannot be unpacked" in said


def with_headline_on_line_4(text: bytes) -> bytes:
    plain = json.dumps(ROWS[0]).encode()
    broken = plain.replace(b"Owl Wins Again", text)
    return b"\n".join([plain, b"", plain, broken, plain, b""])


@pytest.mark.parametrize("packing", ["plain", "gzip", "zip"])
def test_text_in_another_encoding_names_line_field_byte_and_remedy(tmp_path, packing):
    content = with_headline_on_line_4("Das Café".encode("cp1252"))
    path = tmp_path / "saved-by-an-editor"
    if packing == "zip":
        zipped(path, **{NAME: content})
    else:
        path.write_bytes(gzip.compress(content) if packing == "gzip" else content)
    said = refusal(path)
    assert "line 4: field 'headline', character 8: 0xE9 is not UTF-8" in said
    assert "Windows-1252" in said
    assert "'é'" in said
    assert "Save the file as UTF-8" in said


def test_broken_bytes_in_a_field_that_nobody_reads_do_not_matter(tmp_path, expected):
    content = TEXT.encode().replace(b'"authors": ""', b'"authors": "Ren\xe9"')
    frame = news.read(written(tmp_path / "authors.json", content))
    pd.testing.assert_frame_equal(frame, expected)


def test_a_file_that_is_no_text_is_named_with_its_first_odd_byte(tmp_path):
    said = refusal(written(tmp_path / "photo.json", b"\x89PNG\r\n\x1a\n\x00\xff"))
    assert "line 1: byte 1, 0x89 is not UTF-8" in said


@pytest.mark.parametrize("half", [b"\\ud83d", b"\\ude42", b"\\ude42\\ud83d"])
@pytest.mark.parametrize("field", news.FIELDS)
def test_half_a_character_names_line_field_and_remedy(tmp_path, half, field):
    content = with_headline_on_line_4(b"Owl")
    before = json.dumps({field: ROWS[0][field]})[1:-2].encode()
    lines = content.split(b"\n")
    if field == "headline":
        before = before.replace(b"Owl Wins Again", b"Owl")
    assert before in lines[3]
    lines[3] = lines[3].replace(before, before + half)
    said = refusal(written(tmp_path / "half.json", b"\n".join(lines)))
    assert f"line 4: field {field!r}" in said
    assert half[:6].decode() + " is half of a character" in said
    assert "Correct or delete this line" in said


def test_utf_16_that_is_broken_names_its_line(tmp_path):
    text = with_headline_on_line_4(b"Owl").decode()
    broken = text.replace("Owl", "Owl\ud83d", 4).encode("utf-16-le", "surrogatepass")
    said = refusal(written(tmp_path / "half.json", broken))
    assert "line 1 is not JSON" in said
    cut = TEXT.encode("utf-16")[:-21]
    assert "line 3 is not JSON" in refusal(written(tmp_path / "cut.json", cut))


@pytest.mark.parametrize(
    "line",
    [
        "[" * 100_000,
        '{"headline": ' + "1" * 5000 + "}",
        '{"headline": "a\x00b"}',
        "\ufeff{}",
    ],
    ids=["deep", "long-number", "nul", "second-mark"],
)
def test_json_that_python_gives_up_on_names_its_line(tmp_path, line):
    content = json.dumps(ROWS[0]) + "\n" + line + "\n"
    said = refusal(written(tmp_path / "odd.json", content.encode()))
    assert "line 2 is not JSON" in said


def test_null_is_called_null_and_a_wrong_date_has_its_line(tmp_path):
    lines = TEXT.splitlines()
    null = "\n".join([lines[0], "", lines[1].replace('"SPORTS"', "null")])
    said = refusal(written(tmp_path / "null.json", null.encode()))
    assert "line 3: field 'category' is null" in said
    date = "\n".join([lines[0], "", lines[1].replace("2020-01-02", "2020-13-99")])
    said = refusal(written(tmp_path / "date.json", date.encode()))
    assert "line 3: field 'date' is '2020-13-99'" in said


def test_dates_with_and_without_a_time_zone_are_read(tmp_path):
    lines = TEXT.splitlines()
    lines[1] = lines[1].replace("2020-01-02", "2020-01-02T23:00:00-05:00")
    frame = news.read(written(tmp_path / "zones.json", "\n".join(lines).encode()))
    assert frame["date"][0] == pd.Timestamp("2020-01-02")
    assert frame["date"][1] == pd.Timestamp("2020-01-03 04:00")


def test_a_folder_stands_for_the_dataset_in_it(tmp_path, expected):
    folder = tmp_path / "folder"
    written(folder / f"._{NAME}", b"\x00\x05\x16\x07")
    written(folder / "facts.json", b"{}")
    said = refusal(folder)
    assert "no dataset file in this folder" in said
    assert "News_Category_Dataset_v3" in said
    written(folder / "news_category_dataset_v3 (1).JSON", TEXT.encode())
    pd.testing.assert_frame_equal(news.read(folder), expected)


def test_the_newest_and_plainest_is_found_first(tmp_path):
    worse_first = [
        "notes.zip",
        "archive.zip",
        "News_Category_Dataset_v2.json.gz",
        "News_Category_Dataset_v2.json",
        "News_Category_Dataset_v3.zip",
        "News_Category_Dataset_v3.json.gz",
        "News_Category_Dataset_v3 (2).json",
        "News_Category_Dataset_v3.json",
    ]
    (tmp_path / "News_Category_Dataset_v4.json").mkdir()
    assert news.locate(tmp_path) is None
    zipped(tmp_path / worse_first[0], **{"notes.json": "{}"})
    assert news.locate(tmp_path) is None
    zipped(tmp_path / worse_first[1], **{NAME: TEXT})
    assert news.locate(tmp_path) == tmp_path / worse_first[1]
    for name in worse_first[2:]:
        (tmp_path / name).write_text("")
        assert news.locate(tmp_path) == tmp_path / name
    assert news.locate(tmp_path / "nowhere") is None


@pytest.mark.parametrize(
    "name", ["headlines.json", "Huff Post.JSON.GZ", "all.zip", "twice.zip"]
)
def test_the_only_file_of_headlines_in_a_folder_may_have_any_name(
    tmp_path, expected, name
):
    packed = gzip.compress(TEXT.encode())
    (tmp_path / "facts.json").write_text('{"rows": 3}\n')
    (tmp_path / "empty.json").write_text("")
    (tmp_path / "binary.json").write_bytes(b"\xff\x00\xfe")
    (tmp_path / "letter.txt").write_text(TEXT)
    zipped(tmp_path / "notes.zip", **{"notes.json": "{}"})
    path = tmp_path / name
    if name == "all.zip":
        zipped(path, **{"some.json": TEXT})
    elif name == "twice.zip":
        zipped(path, **{"some.json.gz": packed})
    else:
        path.write_bytes(packed if name.endswith("GZ") else TEXT.encode())
    assert news.locate(tmp_path) == path
    pd.testing.assert_frame_equal(news.read(tmp_path), expected)
    named = written(tmp_path / "news_category_dataset_v2.json", b"{}")
    assert news.locate(tmp_path) == named


def test_of_several_files_of_headlines_in_a_folder_none_is_guessed(tmp_path):
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_text(TEXT)
    assert news.locate(tmp_path) is None
    said = refusal(tmp_path)
    assert "several files could be it (a.json, b.json): give the one you mean" in said


def test_a_damaged_download_in_the_folder_is_found_and_named(tmp_path):
    path = written(tmp_path / "archive.zip", b"PK\x03\x04half of it")
    assert news.locate(tmp_path) == path
    with pytest.raises(DatasetError, match=r"archive\.zip.*incomplete"):
        news.read(tmp_path)


def test_the_command_line_takes_a_folder(tmp_path):
    made_up_dataset(tmp_path)
    out = tmp_path / "out"
    words = ("dataset", "summary", "--data", str(tmp_path), "--folder", str(out))
    done = run_cli(*words)
    assert done.returncode == 0, done.stderr
    assert json.loads((out / "facts.json").read_text())["rows"] == 240
