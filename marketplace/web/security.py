"""Headers that keep a page to itself: nothing inline, nothing from third parties.

Map tiles are the one exception, where the operator has named a server of them.
"""

from __future__ import annotations

from flask import Flask
from flask_talisman import Talisman

from marketplace.config import Settings

POLICY: dict[str, str | list[str]] = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": ["'self'", "data:"],
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}


def policy(settings: Settings) -> dict[str, str | list[str]]:
    """The content policy: pictures may come from the server of map tiles too, if there is one."""
    if not settings.tiles_source:
        return dict(POLICY)
    return {**POLICY, "img-src": [*POLICY["img-src"], settings.tiles_source]}


def init_app(app: Flask) -> None:
    """Send the policy with every answer; HTTPS only where the settings say that it is there."""
    settings: Settings = app.extensions["settings"]
    https = settings.https
    Talisman(
        app,
        content_security_policy=policy(settings),
        force_https=False,
        strict_transport_security=https,
        session_cookie_secure=https,
        frame_options="DENY",
        referrer_policy="same-origin",
        permissions_policy={"browsing-topics": "()"},
    )
