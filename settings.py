"""All settings: name, default, limits and help in one validated table (docs/settings.md).

Read from the environment and from `.env`. A wrong value, an unknown `BOARD_…` name or, in
production, a missing secret refuses to start with one sentence that names the setting.
"""

from __future__ import annotations

import os
from datetime import time, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AliasChoices, Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from domain.accounts import SignInRules
from domain.errors import SettingsError

PREFIX = "BOARD_"
SECRET_LENGTH = 32
SECRET_SIGNS = 10
"""Different characters a secret has at least."""


def _plain(name: str, **kw: Any) -> Any:
    """A setting that is also known by its customary name without prefix."""
    return Field(validation_alias=AliasChoices(name, PREFIX + name), **kw)


class Settings(BaseSettings):
    """The settings of one process."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", extra="forbid", frozen=True)

    mode: Literal["development", "production"] = Field(
        "development", description="production refuses to start with demo data, without a secret or with debug on"
    )
    database_url: str = _plain(
        "DATABASE_URL", default="sqlite:///var/board.db", description="SQLite file or postgresql://user@host/name"
    )
    redis_url: str = _plain(
        "REDIS_URL", default="", description="shared cache for several web processes; empty: own memory"
    )
    secret_key: str = _plain(
        "SECRET_KEY", default="", description="signs cookies; at least 32 characters, required in production"
    )
    timezone: str = _plain("TIMEZONE", default="Asia/Shanghai", description="the deployment's one time zone")
    host: str = Field("127.0.0.1", description="address the server listens on")
    port: int = Field(8050, ge=1, le=65535, description="port the server listens on")
    workers: int = Field(2, ge=1, le=64, description="web processes")
    threads: int = Field(8, ge=1, le=256, description="threads in each web process")
    unit_name: str = Field("", max_length=60, description="name of the unit shown in the title bar")
    lang: Literal["zh", "en"] = Field("zh", description="language of a browser that has not chosen one")
    poll_seconds: int = Field(5, ge=1, le=300, description="how often an open screen asks whether data changed")
    tick_seconds: int = Field(
        60, ge=5, le=3600, description="how often pace and clocks are judged anew without new data"
    )
    refresh_seconds: int = Field(5, ge=1, le=3600, description="how often the worker looks for changed rows")
    freeze_at: time = Field(time(8), description="when yesterday is frozen; corrections are accepted until then")
    catalogue_dir: Path | None = Field(
        None,
        description="folder whose tasks.toml, themes.toml, maps.toml, alerts.toml and assessment.toml add to or "
        "replace ours",
    )
    calendar: str = Field(
        "CN",
        description="whose public holidays: CN (workdays, make-up workdays, holidays), none (plain weekdays), or the "
        "code of another country or region, with or without a part of it (IT, IT-RM)",
    )
    map_memory_mb: int = Field(
        300, ge=32, le=16384, description="memory of one web process for incidents kept ready for maps, MiB"
    )
    clock_memory_mb: int = Field(
        160, ge=32, le=16384, description="memory of one web process for orders kept ready for response clocks, MiB"
    )
    hotspot_editing: bool = Field(
        True, description="hot-spot records may be written on the page; false: they are shown only"
    )
    assessment_editing: bool = Field(
        True, description="months may be locked, points and appeals written on the page; false: they are shown only"
    )
    alert_editing: bool = Field(True, description="alerts may be acknowledged on the page; false: they are shown only")
    profiles_dir: Path | None = Field(None, description="folder with further import profiles")
    reject_dir: Path = Field(Path("var/rejects"), description="folder for rows that an import refused")
    open_access: bool = Field(
        False, description="no sign-in, in production either: everyone who reaches the server sees everything"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="how much is logged; DEBUG also shows the messages of errors, which may hold personal data"
    )
    hosts: str = Field("", description="names and addresses the server answers to, by commas; empty: any")
    tls: bool = Field(False, description="reached by TLS, by a proxy in front: Secure cookies and HSTS")
    session_idle_minutes: int = Field(
        480, ge=1, le=10_080, description="a session that is left alone so long ends, in minutes"
    )
    session_hours: int = Field(14, ge=1, le=720, description="every session ends after so many hours")
    password_length: int = Field(12, ge=8, le=64, description="characters a password has at least")
    password_kinds: int = Field(
        3, ge=1, le=4, description="how many of small letters, capitals, digits, other signs a password has"
    )
    password_days: int = Field(0, ge=0, le=3650, description="a password must be changed after so many days; 0: never")
    lock_after: int = Field(5, ge=2, le=100, description="wrong passwords in a row that lock an account")
    lock_minutes: int = Field(
        10, ge=1, le=1440, description="how long the first lock lasts; each further one twice as long, up to a day"
    )
    sign_in_per_minute: int = Field(
        10, ge=0, le=10_000, description="attempts to sign in from one address in a minute; 0: not limited"
    )
    api_per_minute: int = Field(
        1200,
        ge=0,
        le=1_000_000,
        description="requests for data by one viewer in a minute, in production; 0: not limited",
    )
    unmask_minutes: int = Field(15, ge=1, le=480, description="how long names are shown after saying why")
    watermark: bool = Field(False, description="user and time over every page")
    audit_days: int = Field(183, ge=1, le=36_500, description="days of the audit log that audit prune keeps at least")
    trusted_proxies: str = Field(
        "", description="addresses and networks of proxies in front whose headers are believed, by commas"
    )
    proxy_user_header: str = Field("", description="header in which such a proxy names the user; empty: none does")
    proxy_role_header: str = Field(
        "", description="header in which it names the role; empty: only accounts that exist may come in"
    )
    proxy_unit_header: str = Field("", description="header in which it names the code of the station or district")
    oidc_issuer: str = Field("", description="address of an OpenID Connect provider; empty: none")
    oidc_client_id: str = Field("", description="how the provider knows this board")
    oidc_client_secret: str = Field("", description="the secret the provider gave this board", repr=False)
    oidc_login_claim: str = Field("preferred_username", description="claim that holds the login")
    oidc_role_claim: str = Field(
        "", description="claim that holds the role; empty: only accounts that exist may come in"
    )
    oidc_unit_claim: str = Field("", description="claim that holds the code of the station or district")
    log_format: Literal["text", "json"] = Field("text", description="one line of text or one JSON object per record")
    metrics_from: str = Field(
        "127.0.0.1/32,::1/128", description="networks that may read `/-/metrics`, separated by commas; empty: nobody"
    )
    worker_late_seconds: int = Field(
        300, ge=30, le=86400, description="a worker that was not heard of for so long is reported as standing still"
    )
    backup_dir: Path | None = Field(None, description="folder of the backups; `manage.py doctor` watches their age")

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"{value!r} is not a time zone such as Asia/Shanghai") from error
        return value

    @field_validator("calendar")
    @classmethod
    def _known_calendar(cls, value: str) -> str:
        if value in ("CN", "none"):
            return value
        from catalogue.days import is_calendar  # only here: what it needs is slow to import

        if not is_calendar(value):
            raise ValueError(f"{value!r} is not a calendar; write CN, none, or a code such as IT, IT-RM or DE-BY")
        return value

    @field_validator("catalogue_dir", "profiles_dir", "backup_dir", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("metrics_from")
    @classmethod
    def _known_networks(cls, value: str) -> str:
        for network in filter(None, (part.strip() for part in value.split(","))):
            try:
                ip_network(network)
            except ValueError as error:
                raise ValueError(f"{network!r} is not a network such as 10.1.0.0/16") from error
        return value

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://", "postgres://")):
            raise ValueError("must begin with sqlite:/// or postgresql://")
        return value

    @model_validator(mode="after")
    def _safe_production(self) -> Settings:
        if self.mode != "production":
            return self
        if len(self.secret_key) < SECRET_LENGTH:
            raise ValueError(f"SECRET_KEY must have at least {SECRET_LENGTH} characters in production")
        if len(set(self.secret_key)) < SECRET_SIGNS:
            raise ValueError("SECRET_KEY is too easy to guess; make one with: openssl rand -hex 32")
        debug = next((name for name in ("FLASK_DEBUG", "DASH_DEBUG") if _is_on(os.environ.get(name, ""))), None)
        if debug:
            raise ValueError(f"{debug} must not be on in production")
        return self

    @model_validator(mode="after")
    def _whole_sign_on(self) -> Settings:
        if self.proxy_user_header and not self.trusted_proxies:
            raise ValueError("BOARD_PROXY_USER_HEADER needs BOARD_TRUSTED_PROXIES: whose header is to be believed")
        if self.oidc_issuer and not self.oidc_client_id:
            raise ValueError("BOARD_OIDC_ISSUER needs BOARD_OIDC_CLIENT_ID")
        if self.oidc_issuer and len(self.secret_key) < SECRET_LENGTH:
            raise ValueError(f"BOARD_OIDC_ISSUER needs a SECRET_KEY of at least {SECRET_LENGTH} characters")
        if self.oidc_issuer and not self.oidc_issuer.startswith(("https://", "http://127.0.0.1", "http://localhost")):
            raise ValueError("BOARD_OIDC_ISSUER must begin with https://")
        return self

    @field_validator("trusted_proxies")
    @classmethod
    def _known_proxies(cls, value: str) -> str:
        for text in listed(value):
            try:
                ip_network(text, strict=False)
            except ValueError as error:
                raise ValueError(f"{text!r} is no address or network such as 10.0.0.5 or 10.0.0.0/24") from error
        return value

    @property
    def zone(self) -> ZoneInfo:
        """The deployment's zone."""
        return ZoneInfo(self.timezone)


def listed(text: str) -> tuple[str, ...]:
    """What a setting names by commas."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _is_on(text: str) -> bool:
    return text.strip().lower() not in ("", "0", "false", "no", "off")


def load_settings(**given: Any) -> Settings:
    """The settings of this process.

    Raises:
        SettingsError: one sentence that names the setting.
    """
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    unknown = sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known)
    if unknown:
        raise SettingsError("error.setting", detail=f"{unknown[0]} is not a setting; docs/settings.md lists them")
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = str(first["loc"][0]) if first["loc"] else ""
        raise SettingsError("error.setting", detail=_sentence(name, first)) from error


def _sentence(name: str, problem: Any) -> str:
    if problem["type"] == "extra_forbidden":
        return f"{name} in .env is not a setting; docs/settings.md lists them"
    text = str(problem["msg"]).removeprefix("Value error, ")
    shown = name if not name or name.isupper() else PREFIX + name.upper()
    return f"{shown}: {text}" if shown else text


def sign_in_rules(settings: Settings) -> SignInRules:
    """Rules of passwords, lock-out and sessions, as the settings say them."""
    return SignInRules(
        length=settings.password_length,
        kinds=settings.password_kinds,
        days=settings.password_days,
        lock_after=settings.lock_after,
        lock_for=timedelta(minutes=settings.lock_minutes),
        idle=timedelta(minutes=settings.session_idle_minutes),
        limit=timedelta(hours=settings.session_hours),
        unmasked_for=timedelta(minutes=settings.unmask_minutes),
    )
