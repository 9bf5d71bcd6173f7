"""Style sheet and script: built with hashed names, or plain CSS where the build has not run."""

from __future__ import annotations

import json
from pathlib import Path

from flask import Flask, url_for


def init_app(app: Flask) -> None:
    """Give templates ``asset(name)``: the address of a built file, or None where there is none."""
    manifest = Path(app.static_folder or "") / "dist" / "manifest.json"
    built: dict[str, str] = json.loads(manifest.read_text()) if manifest.exists() else {}

    def asset(name: str) -> str | None:
        if name in built:
            return url_for("static", filename=f"dist/{built[name]}")
        return url_for("static", filename="plain.css") if name.endswith(".css") else None

    app.jinja_env.globals["asset"] = asset
