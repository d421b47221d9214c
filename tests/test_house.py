"""The house keeps its walls: what may import what, what may be committed."""

import ast
import re
import subprocess
import sys
import tomllib

import pytest
from conftest import ROOT

HEAVY = ("tensorflow", "keras", "torch", "jax")
#: What tables and charts need, and who came to read headlines should not wait for.
SLOW = ("pandas", "altair", "matplotlib", "seaborn", "scipy")


def imported_by(code):
    probe = f"{code}\nimport sys; print(' '.join(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return {name.split(".")[0] for name in done.stdout.splitlines()[-1].split()}


def test_generating_imports_no_tensorflow():
    found = imported_by(
        "from textgen.cli.main import main\n"
        "main(['generate', '-n', '2'])\nmain(['score', 'Why'])"
    )
    assert not found & {*HEAVY, *SLOW}
    assert "streamlit" not in found


def test_a_bundle_is_read_without_an_engine():
    found = imported_by(
        "import sys\nfrom textgen.model.bundle import Bundle\n"
        "bundle = Bundle()\nbundle.weights, bundle.tokenizer\n"
        "assert 'textgen.model.glass_box' not in sys.modules"
    )
    assert "onnxruntime" not in found


def test_the_first_page_waits_for_no_charts():
    found = imported_by(
        "from streamlit.testing.v1 import AppTest\n"
        "app = AppTest.from_file('app.py', default_timeout=60).run()\n"
        "assert not app.exception, app.exception"
    )
    assert not found & {*HEAVY, *SLOW}


def test_the_app_imports_no_tensorflow():
    found = imported_by(
        "from streamlit.testing.v1 import AppTest\n"
        "app = AppTest.from_file('app.py', default_timeout=60)\n"
        "for page in ('generate', 'training', 'dataset'):\n"
        "    app.switch_page(f'app_pages/{page}.py').run()\n"
        "    assert not app.exception, app.exception"
    )
    assert not found & set(HEAVY)


#: The library's rooms from the ground up: each uses those before it, and none after.
ROOMS = (
    "",  # storage, errors and fields, which every room may use
    *("corpus", "model", "writing", "explain", "study", "training", "views", "cli"),
)
LIBRARY = sorted((ROOT / "textgen").rglob("*.py"))
KERAS = {"keras", "tensorflow", "onnx"}


def room_of(path):
    return "" if path.parent.name == "textgen" else path.parent.name


def imports_of(path):
    """Every module that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{name.name}" for name in node.names)


APP = [ROOT / "app.py", *sorted(ROOT.glob("app_*/**/*.py"))]


@pytest.mark.parametrize(
    "path", APP, ids=lambda path: f"{path.parent.name}-{path.stem}"
)
def test_the_walls_of_the_app(path):
    """Parts know no page; neither knows what trains, tests or measures."""
    for name in imports_of(path):
        package, *rest = name.split(".")
        assert package not in (*KERAS, *HEAVY, "tests", "benchmarks", "pickle"), name
        assert rest[:1] != ["training"] or package != "textgen", name
        assert package != "app_pages", name
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_every_module_has_a_room():
    rooms = {room_of(path) for path in LIBRARY}
    assert rooms == {*ROOMS}
    ground = {path.stem for path in LIBRARY if not room_of(path)}
    assert ground == {"__init__", "__main__", "errors", "fields", "storage"}
    pages = {path.name for path in (ROOT / "app_pages").iterdir()} - {"__pycache__"}
    menu = re.findall(r'"app_pages/(\w+\.py)"', (ROOT / "app.py").read_text())
    assert pages == {*menu}


@pytest.mark.parametrize(
    "path", LIBRARY, ids=lambda path: f"{room_of(path)}-{path.stem}"
)
def test_the_walls_of_the_library(path):
    source = path.read_text(encoding="utf-8")
    for name in imports_of(path):
        package, *rest = name.split(".")
        assert package not in ("streamlit", "app_pages", "app_parts", "pickle")
        assert package not in ("tests", "benchmarks")
        assert package not in KERAS or room_of(path) == "training", name
        # The two files outside the rooms only say where things are.
        if package == "textgen" and path.stem not in ("__init__", "__main__"):
            used = rest[0] if rest and rest[0] in ROOMS else ""
            assert ROOMS.index(used) <= ROOMS.index(room_of(path)), name
    assert not re.search(r"\beval\(|\bexec\(", source)
    assert len(source.splitlines()) <= 400


def test_no_module_of_the_library_needs_itself():
    """Imports at the top of modules go round in no circle."""
    needs = {}
    for path in LIBRARY:
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found = set()
        for node in tree.body:
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
                "textgen"
            ):
                found |= {node.module, *(f"{node.module}.{n.name}" for n in node.names)}
        needs[name] = found
    known = {*needs}
    while True:
        free = {name for name in known if not needs[name] & known}
        if not free:
            break
        known -= free
    assert not known


def test_the_truncation_rules_stand_in_one_list():
    """The record's fields and the rules name them; all else goes through these."""
    from textgen.writing.rules import RULES

    names = "|".join(rule.option for rule in RULES)

    def named(path):
        return {*re.findall(names, path.read_text(encoding="utf-8").replace("-", "_"))}

    lists = {
        path.relative_to(ROOT).as_posix()
        for folder in ("textgen", "app_pages", "app_parts", "benchmarks")
        for path in (ROOT / folder).rglob("*.py")
        if len(named(path)) > 1
    }
    # What a page offers of a rule's range is the desk's.
    assert lists == {
        "textgen/writing/options.py",
        "textgen/writing/rules.py",
        "app_parts/desk.py",
    }


#: What is so of one newspaper's headlines, and would be wrong of other texts.
OF_THE_NEWS = (
    *("huffpost", "huffington", "news category", "misra", "kaggle", "2209.11429"),
    *("42 categories", "8,192", "september 2022", "may 2018", "cc by"),
    *("for example politics", "wellness", "food & drink", "short_description"),
)


def test_only_one_module_knows_the_news():
    knows = ROOT / "textgen" / "corpus" / "news.py"
    places = [ROOT / "app.py", *(ROOT / "web").rglob("*.js"), *LIBRARY]
    for folder in ("app_pages", "app_parts"):
        places += (ROOT / folder).rglob("*.py")
    assert knows in places and len(places) > 100
    for path in places:
        said = path.read_text(encoding="utf-8").lower()
        for word in OF_THE_NEWS if path != knows else ():
            assert word not in said, path


PARTS = sorted((ROOT / "app_parts").rglob("*.py"))
PAGES = [*sorted((ROOT / "app_pages").rglob("*.py")), *PARTS]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_addresses_are_read_and_written_by_the_guard_alone(path):
    from app_parts.desk import SETTINGS

    source = path.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(source)) if path.stem != "guard" else ():
        assert not (isinstance(node, ast.keyword) and node.arg == "bind")
        assert not (isinstance(node, ast.Attribute) and node.attr == "query_params")
    # Another element of a setting's name would be taken for the setting.
    assert not {*re.findall(r"\bkey=\"(\w+)\"", source)} & {*SETTINGS}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_no_page_sleeps(path):
    """A class waits for every script; what moves on its own moves in the browser."""
    assert not re.search(r"\bsleep\b", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_what_a_widget_calls_is_watched(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    watched = {
        node.name: [ast.unparse(one) for one in node.decorator_list]
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
    }
    for call in ast.walk(tree):
        for keyword in call.keywords if isinstance(call, ast.Call) else ():
            called = keyword.value
            if (keyword.arg or "").startswith("on_") and isinstance(called, ast.Name):
                # What a function was given itself is looked at where it comes from.
                assert (
                    called.id not in watched or "guard.callback" in watched[called.id]
                )


def tracked():
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def test_what_is_committed_stays_small():
    sizes = [path.stat().st_size for path in tracked() if path.is_file()]
    assert sum(sizes) < 120 * 2**20
    assert max(sizes) < 25 * 2**20


@pytest.mark.dataset
def test_no_sentence_of_the_dataset_is_committed(real_frame):
    from textgen.corpus.language import SPACED

    least = 6
    starts = {}
    for text in real_frame["headline"]:
        words = tuple(SPACED.compared(text))
        if len(words) >= least:
            starts.setdefault(words[:least], []).append(words)
    for path in tracked():
        if path.suffix in (".safetensors", ".onnx", ".png") or not path.is_file():
            continue
        words = tuple(SPACED.compared(path.read_text(encoding="utf-8")))
        for i in range(len(words) - least + 1):
            for found in starts.get(words[i : i + least], ()):
                assert words[i : i + len(found)] != found, f"{path}: {' '.join(found)}"


def test_requirements_and_project_name_the_same_packages():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    wanted = {
        line
        for lines in (project["dependencies"], *extras.values())
        for line in lines
        if not line.startswith("textgen")
    }
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    assert {line for line in lines if line and line[0] not in "#-"} == wanted


def test_the_hooks_ask_what_make_lint_and_the_checks_ask():
    makefile = (ROOT / "Makefile").read_text()
    recipe = re.search(r"^lint:.*\n((?:\t.*\n)+)", makefile, re.M)[1]
    asked = re.findall(r"\$\(BIN\)/(.+)", recipe)
    hooks = (ROOT / ".pre-commit-config.yaml").read_text()
    entries = re.findall(r"entry: \.venv/bin/(.+)", hooks)
    wheel = "tests/test_wheel.py"
    assert asked == entries[:-1] == ["ruff check .", "ruff format --check .", "mypy"]
    assert entries[-1].endswith(wheel)
    steps = [
        line
        for line in (ROOT / ".ci" / "run").read_text().splitlines()
        if line.startswith("make ")
    ]
    assert steps[0].startswith("make lint")
    assert wheel in steps[1]


def test_what_tools_leave_behind_is_ignored():
    left = ("textgen.egg-info/PKG-INFO", "build/lib/x.py", "dist/x.whl")
    left += (".mypy_cache/x", ".ruff_cache/x", ".pytest_cache/x", ".hypothesis/x")
    done = subprocess.run(
        ["git", "check-ignore", *left], cwd=ROOT, capture_output=True, text=True
    )
    if done.returncode == 128:
        pytest.skip("not a working copy")
    assert done.stdout.split() == [*left]
