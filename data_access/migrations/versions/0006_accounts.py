"""Accounts that sign in, their sessions, and the audit log as a chain in the order of writing.

Entries that exist are numbered in the order they were written in and sealed anew: their hashes followed the
order of their times before.
"""

from __future__ import annotations

import hashlib
import json

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

WALL_TIME = sa.DateTime().with_variant(postgresql.TIMESTAMP(precision=0), "postgresql")
ACCOUNT_COLUMNS = (
    ("origin", sa.String(64), {"nullable": True}),
    ("must_change", sa.SmallInteger(), {"nullable": False, "server_default": "0"}),
    ("password_changed_at", WALL_TIME, {"nullable": True}),
    ("failed_count", sa.Integer(), {"nullable": False, "server_default": "0"}),
    ("locked_until", WALL_TIME, {"nullable": True}),
)


def upgrade() -> None:
    """Make the new table and columns, and number the log."""
    for name, kind, more in ACCOUNT_COLUMNS:
        op.add_column("account", sa.Column(name, kind, **more))
    op.create_table(
        "account_session",
        sa.Column("session_id", sa.String(64), nullable=False),
        sa.Column("account_id", sa.String(64), nullable=False),
        sa.Column("how", sa.String(64), nullable=True),
        sa.Column("created_at", WALL_TIME, nullable=False),
        sa.Column("last_seen_at", WALL_TIME, nullable=False),
        sa.Column("expires_at", WALL_TIME, nullable=False),
        sa.Column("user_agent", sa.String(200), nullable=True),
        sa.Column("address", sa.String(64), nullable=True),
        sa.Column("ended_at", WALL_TIME, nullable=True),
        sa.Column("unmasked_until", WALL_TIME, nullable=True),
        sa.PrimaryKeyConstraint("session_id"),
    )
    op.create_index("ix_account_session_account", "account_session", ["account_id"])
    op.add_column("audit_entry", sa.Column("sequence", sa.BigInteger(), nullable=True))
    _number()
    op.create_index("ix_audit_entry_sequence", "audit_entry", ["sequence"], unique=True)


def _number() -> None:
    connection = op.get_bind()
    rows = connection.execute(
        sa.text("SELECT entry_id, at, actor, action, subject, detail FROM audit_entry ORDER BY entry_id")
    ).all()
    seal = sa.text(
        "UPDATE audit_entry SET sequence = :number, previous_hash = :before, entry_hash = :own WHERE entry_id = :key"
    )
    before = ""
    for number, (key, at, *told) in enumerate(rows, start=1):
        moment = str(at).replace("T", " ")[:19]
        parts = [number, before, moment, *(text or "" for text in told)]
        own = hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()
        connection.execute(seal, {"number": number, "before": before, "own": own, "key": key})
        before = own
    connection.execute(sa.text("DELETE FROM data_version WHERE name = 'audit'"))
    start = sa.text("INSERT INTO data_version (name, version) VALUES ('audit', :number)")
    connection.execute(start, {"number": len(rows)})


def downgrade() -> None:
    """Remove them with what they hold; the numbers go, the hashes stay as they are."""
    op.get_bind().execute(sa.text("DELETE FROM data_version WHERE name = 'audit'"))
    op.drop_index("ix_audit_entry_sequence", "audit_entry")
    with op.batch_alter_table("audit_entry") as batch:
        batch.drop_column("sequence")
    op.drop_index("ix_account_session_account", "account_session")
    op.drop_table("account_session")
    with op.batch_alter_table("account") as batch:
        for name, _, _ in ACCOUNT_COLUMNS:
            batch.drop_column(name)
