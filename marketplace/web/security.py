"""Headers that keep a page to itself: nothing inline, nothing from third parties."""

from __future__ import annotations

from flask import Flask
from flask_talisman import Talisman

POLICY = {
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


def init_app(app: Flask) -> None:
    """Send the policy with every answer; HTTPS only where the settings say that it is there."""
    https = app.extensions["settings"].https
    Talisman(
        app,
        content_security_policy=POLICY,
        force_https=False,
        strict_transport_security=https,
        session_cookie_secure=https,
        frame_options="DENY",
        referrer_policy="same-origin",
        permissions_policy={"browsing-topics": "()"},
    )
