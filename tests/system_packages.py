"""Install the Debian packages named as arguments where we may, else say the one line to run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys


def missing(packages: list[str]) -> list[str]:
    """Those of ``packages`` that are not installed."""
    if not shutil.which("dpkg-query"):
        sys.exit("These tests need Debian's packages: " + " ".join(packages))
    query = ["dpkg-query", "-W", "-f", "${Package} ${Status}\n", *packages]
    listing = subprocess.run(query, capture_output=True, text=True, check=False).stdout
    there = {line.split()[0] for line in listing.splitlines() if line.endswith(" installed")}
    return [package for package in packages if package not in there]


def main(packages: list[str]) -> None:
    wanted = missing(packages)
    if not wanted:
        return
    if os.geteuid() != 0:
        sys.exit(f"Missing: {' '.join(wanted)}. Run once: sudo make system-packages")
    subprocess.run(["make", "system-packages"], check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
