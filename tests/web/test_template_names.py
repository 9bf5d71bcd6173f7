"""Names that parts of the site give to templates: none takes the name of another."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from marketplace import web
from tests.conftest import make_app


def test_no_part_takes_a_name_that_another_has_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = []

    def register(app: Flask) -> None:
        for module in web.MODULES:
            names = (app.jinja_env.globals, app.jinja_env.filters)
            before = [dict(each) for each in names]
            if hasattr(module, "init_app"):
                module.init_app(app)
            for now, then in zip(names, before, strict=True):
                taken.extend(
                    f"{module.__name__}: {name}" for name in then if now[name] is not then[name]
                )

    monkeypatch.setattr(web, "register", register)
    make_app(tmp_path)

    assert taken == []
