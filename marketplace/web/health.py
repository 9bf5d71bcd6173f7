"""For whoever watches the server: is it alive, and can it do its work?"""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from marketplace import clock
from marketplace.services import health
from marketplace.web.session import public

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@public
def alive() -> ResponseReturnValue:
    """The process answers; says nothing of the database."""
    return {"status": "alive"}


@bp.get("/readyz")
@public
def ready() -> ResponseReturnValue:
    """200 when database, migrations and worker are as they should be, else 503 and which are not."""
    state = health.readiness(clock.now())
    return {"ready": state.ready, "checks": state.checks}, 200 if state.ready else 503
