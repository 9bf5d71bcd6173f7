"""Style sheet, script, icons: built with hashed names, or plain files where nothing was built."""

from __future__ import annotations

import json
from pathlib import Path

from flask import Flask, url_for

NOT_BUILT = {"app.css": "plain.css", "icons.svg": "icons.svg", "favicon.svg": "favicon.svg"}


def init_app(app: Flask) -> None:
    """Give templates ``asset(name)``: the address of a built file, or None where there is none."""
    built = _manifest(Path(app.static_folder or "") / "dist" / "manifest.json")

    def asset(name: str) -> str | None:
        file = f"dist/{built[name]}" if name in built else NOT_BUILT.get(name)
        return url_for("static", filename=file) if file else None

    app.jinja_env.globals["asset"] = asset


def _manifest(path: Path) -> dict[str, str]:
    try:
        names: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return names
