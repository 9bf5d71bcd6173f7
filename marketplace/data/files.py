"""Where the data files come from: the program's own, or those that a directory has in their place."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from hashlib import sha256
from importlib.resources import files
from pathlib import Path


class Row(dict[str, str]):
    """The cells of one row by column; ``column`` is the one that was looked at last."""

    column = ""

    def __getitem__(self, column: str) -> str:
        self.column = column
        return super().__getitem__(column)


class Files:
    """The CSV files of a directory; those that it lacks are the program's own."""

    def __init__(self, directory: Path | None = None) -> None:
        self._own = {f.name: f.read_bytes() for f in _tables()}
        self._given = {} if directory is None else _read_all(directory)

    @property
    def strangers(self) -> list[str]:
        """Files of the directory that nothing here is called like."""
        return sorted(set(self._given) - set(self._own))

    @property
    def foreign(self) -> bool:
        """Whether any file is not the program's own."""
        return any(self._own.get(name) != content for name, content in self._given.items())

    def text(self, name: str) -> str:
        """Raises `UnicodeDecodeError`."""
        file = f"{name}.csv"
        return self._given.get(file, self._own[file]).decode("utf-8-sig")

    def rows(self, name: str) -> Iterator[tuple[int, Row]]:
        """The rows of a file with the lines that they end on."""
        reader = csv.DictReader(self.text(name).splitlines())
        for cells in reader:
            yield reader.line_num, Row(cells)

    def header(self, name: str) -> list[str]:
        """The columns of the file that is read; none if it is empty."""
        return next(csv.reader(self.text(name).splitlines()), [])

    def columns(self, name: str) -> list[str]:
        """As the program's own file has them."""
        return next(csv.reader(self._own[f"{name}.csv"].decode().splitlines()))

    def fingerprint(self) -> str:
        """Of all files."""
        digest = sha256()
        for name, content in sorted((self._own | self._given).items()):
            digest.update(name.encode() + b"\0" + content + b"\0")
        return digest.hexdigest()


def _tables() -> list[Path]:
    return [Path(str(f)) for f in files(__package__).iterdir() if f.name.endswith(".csv")]


def _read_all(directory: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(directory.glob("*.csv"))}
