"""Assets: hashed names where they were built, plain files where they were not."""

import json
from pathlib import Path

from flask import Flask

from marketplace.web import assets


def an_app(folder: Path) -> Flask:
    app = Flask("somewhere", static_folder=str(folder), static_url_path="/static")
    assets.init_app(app)
    return app


def test_built_assets_are_named_by_the_manifest(tmp_path: Path):
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist/manifest.json").write_text(json.dumps({"app.css": "app-ABC.css"}))
    app = an_app(tmp_path)

    with app.test_request_context():
        assert app.jinja_env.globals["asset"]("app.css") == "/static/dist/app-ABC.css"


def test_without_a_build_pages_have_plain_css_and_no_script(tmp_path: Path):
    app = an_app(tmp_path)

    with app.test_request_context():
        asset = app.jinja_env.globals["asset"]
        assert asset("app.css") == "/static/plain.css"
        assert asset("icons.svg") == "/static/icons.svg"
        assert asset("app.js") is None
