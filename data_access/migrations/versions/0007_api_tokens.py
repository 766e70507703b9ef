"""Tokens with which programs read the JSON interface."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

WALL_TIME = sa.DateTime().with_variant(postgresql.TIMESTAMP(precision=0), "postgresql")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "api_token",
        sa.Column("token_id", sa.String(64), nullable=False),
        sa.Column("token_hash", sa.String(128), nullable=False),
        sa.Column("name", sa.String(200), nullable=True),
        sa.Column("account_id", sa.String(64), nullable=True),
        sa.Column("role", sa.String(64), nullable=True),
        sa.Column("station_code", sa.String(64), nullable=True),
        sa.Column("district_code", sa.String(64), nullable=True),
        sa.Column("created_at", WALL_TIME, nullable=False),
        sa.Column("expires_at", WALL_TIME, nullable=False),
        sa.Column("last_used_at", WALL_TIME, nullable=True),
        sa.Column("revoked_at", WALL_TIME, nullable=True),
        sa.PrimaryKeyConstraint("token_id"),
    )


def downgrade() -> None:
    """Remove it with the tokens it holds."""
    op.drop_table("api_token")
