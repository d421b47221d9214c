"""Headlines to take along, and the lines that write them again."""

import codecs
import csv
import io
import re
import shlex
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textgen.cli.main import main, parser
from textgen.storage import DEFAULT_MODEL
from textgen.writing import shells, takeaway
from textgen.writing.generator import Generator
from textgen.writing.options import Options
from textgen.writing.text import Text, Token

STARTS = (
    "=",
    "+",
    "-",
    "@",
    "＝",
    "＋",
    "－",
    "＠",
    "'=",
    "''@",
    " =",
    "\t",
    "\r",
    "\n",
)


def headline(text, prompt=""):
    token = Token(5, text, -1.0, 1, False, text.encode())
    return Text(0, text, prompt, (token,), True)


def rows_of(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def text_of(cell):
    """A cell's text: without the apostrophe that keeps a formula from being run."""
    formula = re.match(r"'+(\s*[=+\-@＝＋－＠]|[\t\r\n])", cell)
    return cell[1:] if formula else cell


def test_csv_is_what_excel_takes_for_utf_8():
    content = takeaway.as_csv([headline("Café “Ends”"), headline("Plain")], Options())
    assert content.startswith(codecs.BOM_UTF8)
    assert not content[3:].startswith(codecs.BOM_UTF8)
    assert [row["text"] for row in rows_of(content)] == ["Café “Ends”", "Plain"]
    assert content.count(b"\r\n") == 3


@pytest.mark.parametrize("start", STARTS)
def test_no_cell_of_text_can_be_run_as_a_formula(start):
    text = start + 'SUM(A1), "quoted"'
    options = Options(prompt=text, category=text)
    (row,) = rows_of(takeaway.as_csv([headline(text, text)], options, model=text))
    for name in ("text", "prompt", "category", "model"):
        assert row[name] == "'" + text
        assert text_of(row[name]) == text
    # Numbers stay numbers, a negative one too.
    assert float(row["log_probability"]) == -1


@settings(deadline=None, max_examples=300)
@given(st.text(alphabet="'=+-@ a\t\n\r＝é,\"", max_size=6))
def test_the_apostrophe_is_taken_away_again_by_one_rule(text):
    cell = rows_of(takeaway.as_csv([headline(text)], Options()))[0]["text"]
    assert text_of(cell) == text
    assert not re.match(r"\s*[=+\-@＝＋－＠]|[\t\r\n]", cell)


MADE = [
    (Options(count=3), DEFAULT_MODEL),
    (
        Options(
            temperature=1.1,
            category="ARTS",
            prompt="=SUM(A1) Owls",
            count=4,
            seed=5,
            max_words=5,
            top_k=40,
            repetition_penalty=1.3,
        ),
        DEFAULT_MODEL,
    ),
    (
        Options(temperature=1.3, prompt="'=Owls", count=2, seed=4294967295, top_p=0.35),
        "headlines-gru-small",
    ),
    (Options(temperature=0.9, prompt="'Twas", count=2, min_p=0.15), "headlines-rnn"),
    (Options(temperature=1.4, count=2, typical_p=0.35), DEFAULT_MODEL),
    (Options(temperature=0, prompt='@Café, “"x', max_words=3), "headlines-lstm"),
]


@pytest.mark.parametrize(("options", "model"), MADE)
def test_a_row_of_the_csv_can_be_made_again_from_its_cells_alone(options, model):
    written = Generator.load(model).generate(options)
    rows = rows_of(takeaway.as_csv(written, options, model))
    assert len(rows) == options.count
    for row, expected in zip(rows, written, strict=True):
        # As a person with the table alone would: each cell by its column's name.
        number = int(row["number"])
        (*_, again) = Generator.load(text_of(row["model"])).generate(
            temperature=float(row["temperature"]),
            max_words=int(row["max_words"]),
            category=text_of(row["category"]) or None,
            prompt=text_of(row["prompt"]),
            seed=int(row["seed"]),
            top_k=int(row["top_k"]),
            top_p=float(row["top_p"]),
            min_p=float(row["min_p"]),
            typical_p=float(row["typical_p"]),
            repetition_penalty=float(row["repetition_penalty"]),
            count=number + 1,
        )
        assert again.text == expected.text == text_of(row["text"])
        assert str(again.ended) == row["ended"]
        assert again.log_probability == pytest.approx(
            float(row["log_probability"]), abs=1e-4
        )


def test_the_csv_has_a_column_for_every_setting():
    options = Options()
    (row,) = rows_of(takeaway.as_csv([headline("Owl")], options))
    assert options.to_dict().keys() - row.keys() == {"count"}


def test_reproduce_lines_write_the_same_headlines(generator):
    options = Options(
        temperature=1.1, category="ARTS", prompt="Owls 'n\" $HOME", count=2, seed=5
    )
    wanted = takeaway.as_text(generator.generate(options))
    python = subprocess.run(
        [sys.executable, "-c", takeaway.as_python(options)],
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert python.stdout == wanted, python.stderr
    words = shlex.split(next(iter(takeaway.as_commands(options).values())))[3:]
    chosen = parser().parse_args(words)
    assert (chosen.prompt, chosen.count, chosen.seed) == (options.prompt, 2, 5)
    assert main([*words, "--max-words", "1"]) == 0


def test_a_switch_is_a_word_of_its_own():
    (command,) = takeaway.as_commands(Options(real_words=True)).values()
    assert command == "python -m textgen generate --real-words --count 1"
    assert parser().parse_args(command.split()[3:]).real_words is True


def test_a_command_that_every_shell_reads_alike_is_given_once():
    assert takeaway.as_commands(Options(temperature=1.25)) == {
        "macOS and Linux, PowerShell, Windows Command Prompt": (
            "python -m textgen generate --temperature 1.25 --count 1"
        )
    }
    assert list(takeaway.as_commands(Options(prompt="Why owls"))) == [
        "macOS and Linux, PowerShell",
        "Windows Command Prompt",
    ]
    assert list(takeaway.as_commands(Options(prompt='Say "owls"'))) == [
        "macOS and Linux, PowerShell 7.3 or newer",
        "Windows Command Prompt",
    ]


def argv_of(line):
    """Split a command line as Windows programs do (CommandLineToArgvW's rules)."""
    words, word, quoted, i = [], None, False, 0
    while i < len(line):
        slashes = len(line) - i - len(line[i:].lstrip("\\"))
        after = line[i + slashes : i + slashes + 1]
        if slashes and after == '"':
            word = (word or "") + "\\" * (slashes // 2)
            i += slashes
            if slashes % 2:
                word, i = word + '"', i + 1
        elif slashes:
            word, i = (word or "") + "\\" * slashes, i + slashes
        elif line[i : i + 2] == '""' and quoted:
            word, i = word + '"', i + 2
        elif line[i] == '"':
            word, quoted, i = word or "", not quoted, i + 1
        elif line[i] in " \t" and not quoted:
            if word is not None:
                words.append(word)
            word, i = None, i + 1
        else:
            word, i = (word or "") + line[i], i + 1
    return words if word is None else [*words, word]


def through_cmd(line, variables):
    """What a program started by cmd.exe gets, typed at its prompt."""

    # First variables, whether quoted or not; what is no variable stays as it is.
    def value(match):
        name, _, change = match[1].partition(":")
        if name.upper() not in variables:
            return None
        return f"<{variables[name.upper()]}{change}>"

    out, i = "", 0
    while i < len(line):
        match = re.match(r"%([^%]+)%", line[i:])
        text = value(match) if match else None
        out, i = (
            (out + line[i], i + 1) if text is None else (out + text, i + match.end())
        )
    # Then carets and marks; quotation marks switch both off and on.
    line, out, quoted, i = out, "", False, 0
    while i < len(line):
        mark = line[i]
        if mark == "^" and not quoted:
            out, i = out + line[i + 1], i + 2
            continue
        assert quoted or mark not in "&|<>()", f"{mark} has a meaning of its own"
        quoted ^= mark == '"'
        out, i = out + mark, i + 1
    assert not quoted
    return argv_of(out)


def words_of_powershell(line):
    """The words of a line of plain words and single-quoted strings."""
    words, i = [], 0
    while i < len(line):
        if line[i] == " ":
            i += 1
            continue
        word = ""
        if line[i] in "'‘’‚‛":
            i += 1
            while line[i] not in "'‘’‚‛" or line[i + 1 : i + 2] in [*"'‘’‚‛"]:
                i += line[i] in "'‘’‚‛"  # of two, the second counts
                word, i = word + line[i], i + 1
            i += 1
            assert line[i : i + 1] in ("", " ")
        else:
            word = re.match(r"[^ ]+", line[i:])[0]
            assert re.fullmatch(r"[\w./:-]+", word, re.ASCII), word
            i += len(word)
        words.append(word)
    return words


def handed_on_before_7_3(words):
    """PowerShell 5.1: quotation marks around what has spaces, and nothing else."""
    return argv_of(" ".join(f'"{word}"' if " " in word else word for word in words))


HARD = [
    "Why owls",
    "100% sure %of% all %PATH% %path:a=b%",
    "%PATH%",
    'Say "owls" & "bats" | more > less < x ^ y (z)',
    "It's \\_",
    "ends in a backslash\\",
    'a\\"b\\\\"',
    "\\\\server\\share name\\",
    "’Twas ‘the’ ‚night‛ 'n' “more”",
    "$HOME `tick` $(whoami) ${x} @x #y ;z",
    "--seed",
    "-5 Ways",
    "-Why",
    "!bang! ~ * ? [a] {b}",
    "Zürich 東京 🙂",
    '"',
    "^",
    "%",
    "a,b",
    "1e-5",
]
VARIABLES = {"PATH": "C:\\bin", "OF": "1"}


@pytest.mark.parametrize("prompt", HARD)
def test_every_shell_gives_the_command_its_words_back(prompt):
    options = Options(prompt=prompt, temperature=1e-05, category="FOOD & DRINK", seed=9)
    model = "my model's %PATH%"
    readers = {
        "macOS and Linux": shlex.split,
        "PowerShell": words_of_powershell,
        "Windows Command Prompt": lambda line: through_cmd(line, VARIABLES),
    }
    seen = set()
    for names, command in takeaway.as_commands(options, model).items():
        for name in names.split(", "):
            shell = name.removesuffix(" 7.3 or newer")
            seen.add(shell)
            words = readers[shell](command)
            assert words[:4] == ["python", "-m", "textgen", "generate"]
            chosen = parser().parse_args(words[3:])
            assert chosen.prompt == prompt
            assert chosen.temperature == 1e-05
            assert chosen.category == "FOOD & DRINK"
            assert chosen.model == model
            if name == "PowerShell":
                assert handed_on_before_7_3(words) == words
    assert seen == readers.keys()


any_word = st.text(alphabet="ab \\\"'’%^&|<>()!$`;,-=:🙂", min_size=1, max_size=9)


@settings(deadline=None, max_examples=500)
@given(st.lists(any_word, min_size=1, max_size=4))
def test_words_of_any_kind_pass_through_every_shell(words):
    assert shlex.split(shells.posix(words)) == words
    assert through_cmd(shells.cmd(words), {"A": "x", "B": "y", "AB": "z"}) == words
    assert words_of_powershell(shells.powershell(words)) == words
    if not shells.needs_powershell_7_3(words):
        assert handed_on_before_7_3(words) == words
    # The splitter of these tests agrees with Python's own quoting for Windows.
    assert argv_of(subprocess.list2cmdline(words)) == words
