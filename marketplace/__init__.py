"""A supply and demand marketplace for the produce of seven localities south of the Hậu river."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask

    from marketplace.config import Settings


def create_app(settings: Settings | None = None, **flask_config: Any) -> Flask:
    """Wire the application together. This is the only place that knows all parts."""
    from flask import Flask
    from werkzeug.middleware.proxy_fix import ProxyFix
    from whitenoise import WhiteNoise

    from marketplace import cli, extensions, logs, web
    from marketplace.config import ROOT, Settings

    settings = settings or Settings.from_environment()
    app = Flask(
        "marketplace", template_folder=str(ROOT / "templates"), instance_path=settings.instance
    )
    app.config.from_mapping(settings.flask())
    app.config.from_mapping(flask_config)
    app.extensions["settings"] = settings
    logs.configure(settings.log_level)

    extensions.db.init_app(app)
    extensions.migrate.init_app(
        app, extensions.db, directory=str(ROOT / "migrations"), render_as_batch=True
    )
    extensions.csrf.init_app(app)
    extensions.limiter.init_app(app)
    extensions.compress.init_app(app)
    web.register(app)
    cli.register(app)

    built = ROOT / "marketplace" / "static" / "dist"
    if built.is_dir():
        app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
            app.wsgi_app,
            root=str(built),
            prefix="/static/dist/",
            immutable_file_test=lambda _path, _url: True,  # names carry a hash of the content
        )
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies
        )
    return app
