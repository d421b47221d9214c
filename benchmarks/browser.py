"""The browser that pages are measured and tested in: ``python -m benchmarks.browser``.

The command makes sure that there is a Chromium. The system's own is used when there is
one; else playwright's is fetched; where that cannot be reached, the distribution's
package is installed.
"""

import os
import shutil
import subprocess
import sys


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
