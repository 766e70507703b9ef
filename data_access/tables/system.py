"""The program's own bookkeeping: sources, versions, locks, imports, accounts, audit."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table

from data_access.tables.columns import code, flag, metadata, moment, text

feed = Table(
    "feed",
    metadata,
    code("code", key=True),
    Column("expected_seconds", Integer, nullable=False, server_default="3600"),
    moment("first_row_at"),
    moment("last_row_at"),
    moment("complete_to"),
    moment("last_load_at"),
    text("origin"),
    text("note", 400),
    moment("updated_at", null=False),
)

data_version = Table(
    "data_version",
    metadata,
    code("name", key=True),
    Column("version", BigInteger, nullable=False, server_default="0"),
    moment("changed_at"),
)

worker_lock = Table(
    "worker_lock",
    metadata,
    code("name", key=True),
    text("holder"),
    moment("until"),
)

import_file = Table(
    "import_file",
    metadata,
    code("import_id", key=True),
    code("profile"),
    text("file_name", 400),
    code("digest"),
    moment("started_at"),
    moment("finished_at"),
    Column("rows_read", Integer),
    Column("rows_loaded", Integer),
    Column("rows_unchanged", Integer),
    Column("rows_rejected", Integer),
    text("reject_file", 400),
    Index("ix_import_file_digest", "digest"),
)

account = Table(
    "account",
    metadata,
    code("account_id", key=True),
    code("login"),
    text("display_name"),
    code("role"),
    code("station_code"),
    code("district_code"),
    text("password_hash", 400),
    flag("is_active", 1),
    moment("last_seen_at"),
    moment("created_at", null=False),
    code("origin"),
    flag("must_change", 0),
    moment("password_changed_at"),
    Column("failed_count", Integer, nullable=False, server_default="0"),
    moment("locked_until"),
    Index("ix_account_login", "login", unique=True),
)

account_session = Table(
    "account_session",
    metadata,
    code("session_id", key=True),
    code("account_id", null=False),
    code("how"),
    moment("created_at", null=False),
    moment("last_seen_at", null=False),
    moment("expires_at", null=False),
    text("user_agent"),
    code("address"),
    moment("ended_at"),
    moment("unmasked_until"),
    Index("ix_account_session_account", "account_id"),
)

display_token = Table(
    "display_token",
    metadata,
    code("token_id", key=True),
    text("token_hash", 128),
    text("name"),
    text("layout", 1000),
    flag("is_active", 1),
    moment("created_at", null=False),
    moment("last_seen_at"),
)

api_token = Table(
    "api_token",
    metadata,
    code("token_id", key=True),
    Column("token_hash", String(128), nullable=False),
    text("name"),
    code("account_id"),
    code("role"),
    code("station_code"),
    code("district_code"),
    moment("created_at", null=False),
    moment("expires_at", null=False),
    moment("last_used_at"),
    moment("revoked_at"),
)

audit_entry = Table(
    "audit_entry",
    metadata,
    code("entry_id", key=True),
    moment("at", null=False),
    text("actor"),
    code("action"),
    text("subject", 400),
    text("detail", 2000),
    text("previous_hash", 128),
    text("entry_hash", 128),
    Column("sequence", BigInteger),
    Index("ix_audit_entry_at", "at"),
    Index("ix_audit_entry_sequence", "sequence", unique=True),
)
