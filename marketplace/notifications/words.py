"""What a message says: templates/messages/<kind>.txt and .html, in the recipient's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import current_app
from flask_babel import force_locale
from jinja2 import TemplateNotFound


@dataclass(frozen=True)
class Words:
    """A message as text and, where there is a template for it, as HTML."""

    subject: str
    text: str
    html: str | None


def write(kind: str, details: dict[str, Any], language: str) -> Words:
    """Fill the message's templates. The first line of the text is the subject.

    ``details`` come from JSON: those named ``…_by`` and ``…_at`` are moments, ``…_on`` are days.
    """
    values = {name: _read(name, value) for name, value in details.items()}
    values["base_url"] = current_app.extensions["settings"].base_url.rstrip("/")
    with force_locale(language):
        text = _render(f"messages/{kind}.txt", language, values)
        subject, _, body = text.strip().partition("\n")
        try:
            html = _render(f"messages/{kind}.html", language, {**values, "subject": subject})
        except TemplateNotFound:
            html = None
    return Words(" ".join(subject.split()), body.strip() + "\n", html)


def _render(template: str, language: str, values: dict[str, Any]) -> str:
    """Past Flask's context processors, which ask for a request that a worker does not have."""
    return current_app.jinja_env.get_template(template).render(**values, language=language)


def _read(name: str, value: Any) -> Any:
    if isinstance(value, str) and name.endswith(("_by", "_at")):
        return datetime.fromisoformat(value)
    if isinstance(value, str) and name.endswith("_on"):
        return date.fromisoformat(value)
    return value
