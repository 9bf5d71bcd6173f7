"""Another program that writes and reads spreadsheets: one of the packages that `make test` asks for."""

from __future__ import annotations

import subprocess
from pathlib import Path


def converted(path: Path, ending: str) -> Path:
    """The same workbook as LibreOffice saves it under this ending."""
    home = path.parent / "office"
    command = ["soffice", "--headless", f"-env:UserInstallation={home.as_uri()}", "--convert-to"]
    subprocess.run(
        [*command, ending, "--outdir", str(path.parent), str(path)],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return path.with_suffix(f".{ending.partition(':')[0]}")
