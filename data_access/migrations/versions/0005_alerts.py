"""Alerts that the duty room acknowledges, and the roster of duty leaders."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

WALL_TIME = sa.DateTime().with_variant(postgresql.TIMESTAMP(precision=0), "postgresql")


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "alert",
        sa.Column("alert_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("station_code", sa.String(64), nullable=True),
        sa.Column("task_code", sa.String(64), nullable=True),
        sa.Column("incident_id", sa.String(64), nullable=True),
        sa.Column("began_at", WALL_TIME, nullable=False),
        sa.Column("ended_at", WALL_TIME, nullable=True),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("target", sa.Float(), nullable=True),
        sa.Column("deaths", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("injuries", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("acked_at", WALL_TIME, nullable=True),
        sa.Column("acked_by", sa.String(200), nullable=True),
        sa.Column("ack_note", sa.String(400), nullable=True),
        sa.Column("updated_at", WALL_TIME, nullable=False),
        sa.PrimaryKeyConstraint("alert_id"),
    )
    op.create_index("ix_alert_ended", "alert", ["ended_at"])
    op.create_index("ix_alert_incident", "alert", ["incident_id"])
    op.create_table(
        "duty_roster",
        sa.Column("district_code", sa.String(64), nullable=False),
        sa.Column("starts_at", WALL_TIME, nullable=False),
        sa.Column("ends_at", WALL_TIME, nullable=True),
        sa.Column("leader_name", sa.String(200), nullable=False),
        sa.Column("row_hash", sa.String(32), nullable=True),
        sa.Column("updated_at", WALL_TIME, nullable=False),
        sa.PrimaryKeyConstraint("district_code", "starts_at"),
    )


def downgrade() -> None:
    """Remove them with what they hold."""
    op.drop_table("duty_roster")
    op.drop_index("ix_alert_incident", "alert")
    op.drop_index("ix_alert_ended", "alert")
    op.drop_table("alert")
