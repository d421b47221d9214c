"""The server and the browser that pages are measured and tested in.

``python -m benchmarks.browser`` makes sure that there is a Chromium. The system's own
is used when there is one; else playwright's is fetched; where that cannot be reached,
the distribution's package is installed.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from textgen.storage import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

#: Nothing that a page is measured by goes to the network.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def streamlit(script: Path) -> list[str]:
    """The command that serves a script, with the project's configuration."""
    words = ("-m", "streamlit", "run", str(script), "--server.fileWatcherType=none")
    return [sys.executable, *words]


@contextmanager
def served(
    command: Sequence[str],
    folder: Path = ROOT,
    environment: Mapping[str, str] | None = None,
    log: Path | None = None,
) -> Iterator[tuple[str, subprocess.Popen]]:
    """An app on loopback, until the block is left.

    Args:
        command: starts Streamlit, and takes more of its options.
        folder: to start it in.
        environment: its variables; by default those of this process.
        log: a file for what it says; by default it is kept for an error alone.

    Yields:
        Its address and its process.

    Raises:
        RuntimeError: it ended, or did not answer within a minute; with what it said.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    with (
        log.open("w+", encoding="utf-8")
        if log
        else tempfile.TemporaryFile("w+", encoding="utf-8")
    ) as said:
        server = subprocess.Popen(
            [*command, "--server.headless=true", f"--server.port={port}"],
            cwd=folder,
            env=environment,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        try:
            deadline = time.monotonic() + 60
            while not _answers(url):
                if server.poll() is not None or time.monotonic() > deadline:
                    said.seek(0)
                    raise RuntimeError(f"the app did not start: {said.read()}")
                time.sleep(0.25)
            yield url, server
        finally:
            server.terminate()
            server.wait(20)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/_stcore/health", timeout=1):
            return True
    except OSError:
        return False


def launch(playwright: Playwright) -> Browser:
    """Start the browser."""
    return playwright.chromium.launch(
        executable_path=find_chromium(), args=[*ARGUMENTS]
    )


def find_chromium() -> str | None:
    """A Chromium of the system's, or the one playwright installed."""
    for name in ("chromium", "chromium-browser", "google-chrome", "chrome"):
        if path := shutil.which(name):
            return path
    return None


def main() -> int:
    if path := find_chromium():
        print(f"browser: {path}")
        return 0
    fetch = [sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"]
    if subprocess.run(fetch, timeout=600).returncode == 0:
        return 0
    if shutil.which("apt-get"):
        root = os.geteuid() == 0
        sudo = [] if root else ["sudo", "-n"]
        quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for words in (["update", "-qq"], ["install", "-y", "-qq", "chromium"]):
            subprocess.run([*sudo, "apt-get", *words], env=quiet, check=False)
    if find_chromium():
        return 0
    print(
        "No Chromium could be installed. Install one by hand (a package named chromium "
        "or google-chrome), then run the tests again.",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
