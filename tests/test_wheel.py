"""The package works away from its checkout: built, installed, run elsewhere."""

import os
import re
import subprocess
import sys
import zipfile

import pytest
from conftest import ROOT

from benchmarks.browser import served

TIMEOUT = 600


def run(*words, cwd, **environment):
    """A command of the fresh environment, with nothing of the checkout in reach."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    done = subprocess.run(
        [str(word) for word in words],
        cwd=cwd,
        env=clean | {"PYTHONUTF8": "1", **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=TIMEOUT,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    run(
        *(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"),
        *("--wheel-dir", folder, ROOT),
        cwd=folder,
    )
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def fresh(wheel, tmp_path_factory):
    """A new environment with the wheel in it, and an empty folder to stand in."""
    folder = tmp_path_factory.mktemp("fresh")
    run(sys.executable, "-m", "venv", folder / "venv", cwd=folder)
    scripts = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
    run(
        *(scripts / "python", "-m", "pip", "install", "--quiet"),
        *("--disable-pip-version-check", f"{wheel}[app,views]"),
        cwd=folder,
    )
    empty = folder / "empty"
    empty.mkdir()
    return scripts, empty


def test_the_wheel_holds_what_the_checkout_ships(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    shipped = {
        name.removeprefix("textgen/_shipped/")
        for name in names
        if name.startswith("textgen/_shipped/")
    }
    for folder in ("assets/models", "app_pages", "app_parts", "web"):
        here = {
            path.relative_to(ROOT).as_posix()
            for path in (ROOT / folder).rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }
        assert here == {name for name in shipped if name.startswith(f"{folder}/")}
    assert {"app.py", ".streamlit/config.toml", "data/comparison.json"} <= shipped
    assert "data/word_rules.json" in shipped
    assert "data/README.md" in shipped, "naughty_words.txt refers to it"
    lists = {"naughty_words.txt", "words_to_avoid.txt", "words.safetensors"}
    assert {f"data/{name}" for name in lists} <= shipped
    assert not [name for name in names if "benchmarks" in name]
    assert not [name for name in names if "News_Category" in name]
    library = {
        path.relative_to(ROOT).as_posix() for path in (ROOT / "textgen").rglob("*.py")
    }
    assert library <= names
    assert "textgen/py.typed" in names


def test_importing_loads_nothing_but_the_package(fresh):
    scripts, empty = fresh
    probe = (
        "import sys, textgen; "
        "print([m for m in ('streamlit', 'pandas', 'onnxruntime', 'numpy') "
        "if m in sys.modules])"
    )
    assert run(scripts / "python", "-c", probe, cwd=empty).strip() == "[]"


def test_headlines_come_from_an_empty_folder(fresh, generator):
    scripts, empty = fresh
    written = run(
        *(scripts / "textgen", "generate", "-n", "2", "--seed", "3"), cwd=empty
    )
    wanted = [h.text for h in generator.generate(count=2, seed=3)]
    assert [line.split("  [")[0] for line in written.splitlines()] == [
        text + ("" if h.ended else " …")
        for text, h in zip(wanted, generator.generate(count=2, seed=3), strict=True)
    ]
    assert list(empty.iterdir()) == []


def test_the_app_serves_its_first_page_from_an_empty_folder(fresh, browser):
    scripts, empty = fresh
    clean = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    with served([str(scripts / "textgen"), "app"], empty, clean) as (url, _):
        page = browser.new_page()
        page.goto(url)
        page.locator(".front h3").nth(7).wait_for(timeout=60_000)
        assert page.locator(".front h2").count() == 1
        paper = page.evaluate(
            "getComputedStyle(document.querySelector('.stApp')).backgroundColor"
        )
        assert re.findall(r"\d+", paper)[:3] == ["251", "249", "244"]  # the theme's
        page.close()
    assert list(empty.iterdir()) == []
