"""Flask extensions, made here and bound to an application in `create_app`."""

from __future__ import annotations

from flask_babel import Babel
from flask_compress import Compress
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_wtf import CSRFProtect

from marketplace import models
from marketplace.models.base import db

babel = Babel()
compress = Compress()
csrf = CSRFProtect()
limiter = Limiter(get_remote_address, storage_uri="memory://")
login = LoginManager()
migrate = Migrate()

__all__ = ["babel", "compress", "csrf", "db", "limiter", "login", "migrate", "models"]
