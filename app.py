"""The composition root: settings in, a ready Dash application out. No logic, no effect at import.

A WSGI server is given `app:create_server()`.
"""

from __future__ import annotations

import hashlib
import logging
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import dash
from flask import Flask
from flask_caching import Cache
from sqlalchemy.exc import SQLAlchemyError

from catalogue.alerts_loader import load_alert_rules
from catalogue.assessment_loader import load_assessment
from catalogue.clocks_loader import load_clock_rules
from catalogue.compare_loader import load_compare_rules
from catalogue.loader import load_catalogue
from catalogue.maps_loader import load_map_rules
from catalogue.wall_loader import load_wall_rules
from components.shell import shell
from data_access import packs
from data_access.clock import wall_clock
from data_access.engine import open_engine
from data_access.facts.predicates import check_columns
from data_access.packs.order_store import configure_orders
from data_access.state import is_demo
from domain.errors import BoardError
from i18n import translator
from settings import Settings, listed, load_settings, sign_in_rules
from web import (
    api_tokens,
    callbacks,
    compress,
    door,
    language,
    logs,
    looking,
    openapi,
    problems,
    rates,
    security,
    watching,
)
from web.access_rules import AccessRules, OidcRules, ProxyRules
from web.administration_api import administration
from web.alerts_api import alerts_api
from web.api import api
from web.assessment_api import assessment_api
from web.assessment_deeds import assessment_deeds
from web.assessment_downloads import assessment_downloads
from web.audit_log import audit_log
from web.compare_api import compare_api
from web.compare_downloads import compare_downloads
from web.context import EXTENSION, Context
from web.deeds import deeds
from web.displays_api import displays_api
from web.downloads import downloads
from web.duty_api import duty_api
from web.identity import WARM
from web.map_downloads import map_downloads
from web.maps_api import maps_api
from web.metrics import Metrics
from web.operations import EXTENSION as OPERATIONS
from web.operations import Watched, operations
from web.organisation_api import organisation
from web.sign_in import sign_in
from web.single_sign_on import single_sign_on
from web.unmask import unmasking
from web.version import Watch
from web.wall_api import wall_api
from web.wall_page import wall_page

HERE = Path(__file__).parent
MIB = 1024 * 1024
ROUTES = (
    administration,
    organisation,
    api,
    downloads,
    alerts_api,
    maps_api,
    map_downloads,
    compare_api,
    compare_downloads,
    assessment_api,
    assessment_downloads,
    assessment_deeds,
    deeds,
    sign_in,
    single_sign_on,
    unmasking,
    audit_log,
    operations,
    wall_api,
    wall_page,
    displays_api,
    duty_api,
    openapi.openapi,
)


class BoardApp(dash.Dash):
    """Dash whose page carries the browser's language and theme."""

    def interpolate_index(self, *args: Any, **parts: Any) -> str:
        """The page with `<html lang>` and theme of the current browser's cookies."""
        page = str(super().interpolate_index(*args, **parts))  # type: ignore[no-untyped-call]
        return page.replace("<html>", f'<html lang="{language.html_lang()}" data-bs-theme="{language.theme()}">', 1)


def create_app(settings: Settings) -> BoardApp:
    """A ready application.

    Raises:
        CatalogueError: a catalogue file is wrong.
    """
    server = _server(settings)
    app = BoardApp(
        "daily_clear_board",
        server=server,  # type: ignore[arg-type]  # Dash's annotation forgets Flask
        use_pages=True,
        pages_folder=str(HERE / "pages"),
        assets_folder=str(HERE / "assets"),
        assets_path_ignore=["^lazy$"],  # fetched by the page that needs them
        suppress_callback_exceptions=True,
        serve_locally=True,
        update_title="",
        on_error=problems.in_callback,
        enable_mcp=False,
        meta_tags=[{"name": "viewport", "content": "width=device-width, initial-scale=1"}],
    )
    server.extensions[callbacks.EXTENSION] = lambda: app.callback_map
    app.title = translator(settings.lang)("app.title")
    app.layout = lambda: shell(language.translator(), settings.unit_name, server.extensions[EXTENSION].catalogue.themes)
    for routes in ROUTES:
        server.register_blueprint(routes)
    problems.install(server)
    compress.compress(server)
    security.protect(server, app.csp_hashes)
    server.after_request(looking.watch)  # runs first of all: a file that cannot be noted is not sent
    return app


def _server(settings: Settings) -> Flask:
    """Flask with everything that stands before Dash."""
    server = Flask("daily_clear_board", static_folder=None)
    server.secret_key = settings.secret_key or None
    server.config.update(SESSION_COOKIE_NAME="board_way_in", SESSION_COOKIE_SAMESITE="Lax")
    server.config["SESSION_COOKIE_SECURE"] = settings.tls
    metrics = Metrics()
    watching.watch(server, metrics)  # before the door: whom it refuses is counted too
    server.extensions[EXTENSION] = _context(server, settings)
    server.extensions["board.watch"] = Watch(server.extensions[EXTENSION].engine)
    server.extensions[OPERATIONS] = Watched(settings.metrics_from, timedelta(seconds=settings.worker_late_seconds))
    for engine in (server.extensions[EXTENSION].engine, server.extensions[EXTENSION].writer):
        metrics.count_errors(engine)
    rates.install(server, settings.redis_url)
    api_tokens.install()
    door.install(server)  # before Dash: nothing is answered that has not passed it
    openapi.install(server)
    return server


def _context(server: Flask, settings: Settings) -> Context:
    rules = load_catalogue(overrides=settings.catalogue_dir)
    check_columns(rules)
    engine = open_engine(settings.database_url, read_only=True)
    figures = load_compare_rules(settings.catalogue_dir)
    packs.configure(engine, settings.map_memory_mb * MIB)
    configure_orders(engine, settings.clock_memory_mb * MIB)
    return Context(
        engine=engine,
        catalogue=rules,
        now=wall_clock(settings.zone),
        cache=Cache(server, config=_cache_config(settings)),
        build=build_id(),
        default_lang=settings.lang,
        unit_name=settings.unit_name,
        poll_seconds=settings.poll_seconds,
        tick_seconds=settings.tick_seconds,
        map_rules=load_map_rules(settings.catalogue_dir),
        compare_rules=figures,
        wall=load_wall_rules(rules, figures, settings.catalogue_dir),
        clock_rules=load_clock_rules(rules, settings.catalogue_dir),
        calendar=settings.calendar,
        writer=open_engine(settings.database_url, pool_size=2),
        alert_rules=load_alert_rules(settings.catalogue_dir),
        assessment=load_assessment(rules, settings.catalogue_dir),
        hotspot_editing=settings.hotspot_editing,
        assessment_editing=settings.assessment_editing,
        access=access_rules(settings),
        alert_editing=settings.alert_editing,
        open_access=settings.mode == "development" or settings.open_access,
        shipped=load_catalogue(),
        catalogue_dir=str(settings.catalogue_dir or ""),
    )


def access_rules(settings: Settings) -> AccessRules:
    """Who may come in, as the settings say it."""
    production = settings.mode == "production"
    return AccessRules(
        production=production,
        open_access=settings.open_access,
        tls=settings.tls,
        hosts=tuple(name.lower() for name in listed(settings.hosts)),
        sign_in=sign_in_rules(settings),
        proxy=ProxyRules(
            networks=tuple(ip_network(text, strict=False) for text in listed(settings.trusted_proxies)),
            user_header=settings.proxy_user_header,
            role_header=settings.proxy_role_header,
            unit_header=settings.proxy_unit_header,
        ),
        oidc=_oidc_rules(settings) if settings.oidc_issuer else None,
        sign_in_per_minute=settings.sign_in_per_minute,
        api_per_minute=settings.api_per_minute if production else 0,
        watermark=settings.watermark,
    )


def _oidc_rules(settings: Settings) -> OidcRules:
    return OidcRules(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret,
        login_claim=settings.oidc_login_claim,
        role_claim=settings.oidc_role_claim,
        unit_claim=settings.oidc_unit_claim,
    )


def _cache_config(settings: Settings) -> dict[str, Any]:
    if settings.redis_url:
        return {"CACHE_TYPE": "RedisCache", "CACHE_REDIS_URL": settings.redis_url, "CACHE_KEY_PREFIX": "board:"}
    return {"CACHE_TYPE": "SimpleCache", "CACHE_THRESHOLD": 300}


def build_id() -> str:
    """A fingerprint of the program's files: an open screen reloads once when it changes."""
    digest = hashlib.sha256()
    for folder in ("assets", "catalogue", "components", "domain", "i18n", "pages", "services", "web"):
        for path in sorted((HERE / folder).rglob("*")):
            if path.is_file() and path.suffix in {".py", ".js", ".css", ".toml"}:
                digest.update(f"{path.relative_to(HERE)}:".encode() + path.read_bytes())
    return digest.hexdigest()[:10]


def create_server(**given: Any) -> Flask:
    """The WSGI application with the settings of the environment."""
    settings = load_settings(**given)
    _refuse_demo(settings)
    logs.configure(settings.log_level, settings.log_format)
    served: Flask = create_app(settings).server
    # Dash learns which files it may serve while it renders the page. A process that has not
    # rendered one yet would answer 500 to the scripts of a page that another process rendered.
    served.test_client().get("/", environ_overrides={WARM: True})
    return served


def _refuse_demo(settings: Settings) -> None:
    """Production does not start with the demo loaded; a database that does not answer yet cannot be asked.

    Raises:
        BoardError: the demo is loaded.
    """
    if settings.mode != "production":
        return
    engine = open_engine(settings.database_url, read_only=True)
    try:
        with engine.connect() as connection:
            loaded = is_demo(connection)
    except SQLAlchemyError as error:
        logging.getLogger(__name__).warning("cannot ask whether the demo is loaded: %s", type(error).__name__)
        return
    finally:
        engine.dispose()
    if loaded:
        raise BoardError("cli.demo_in_production")
