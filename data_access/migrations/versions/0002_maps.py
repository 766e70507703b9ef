"""Maps: packs of incidents, and the course of a hot spot's treatment."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

WALL_TIME = sa.DateTime().with_variant(postgresql.TIMESTAMP(precision=0), "postgresql")
NEW_COLUMNS = ("origin", "class_code", "window_days", "window_count", "treated_at", "ended_reason")


def upgrade() -> None:
    """Make the new tables and columns; all incidents are packed by the next refresh."""
    op.create_table(
        "incident_pack",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("stamp", sa.String(32), nullable=False),
        sa.Column("facts", sa.LargeBinary(), nullable=False),
        sa.Column("places", sa.LargeBinary(), nullable=False),
        sa.Column("names", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("day"),
    )
    op.create_table(
        "hotspot_measure",
        sa.Column("measure_id", sa.String(64), nullable=False),
        sa.Column("hotspot_id", sa.String(64), nullable=False),
        sa.Column("at", WALL_TIME, nullable=False),
        sa.Column("measure", sa.String(1000), nullable=True),
        sa.Column("author", sa.String(200), nullable=True),
        sa.Column("row_hash", sa.String(32), nullable=True),
        sa.Column("updated_at", WALL_TIME, nullable=False),
        sa.PrimaryKeyConstraint("measure_id"),
    )
    op.create_index("ix_hotspot_measure", "hotspot_measure", ["hotspot_id", "at"])
    op.add_column("hotspot", sa.Column("origin", sa.String(64), nullable=True))
    op.add_column("hotspot", sa.Column("class_code", sa.String(64), nullable=True))
    op.add_column("hotspot", sa.Column("window_days", sa.Integer(), nullable=True))
    op.add_column("hotspot", sa.Column("window_count", sa.Integer(), nullable=True))
    op.add_column("hotspot", sa.Column("treated_at", WALL_TIME, nullable=True))
    op.add_column("hotspot", sa.Column("ended_reason", sa.String(400), nullable=True))
    op.create_index("ix_hotspot_station", "hotspot", ["station_code", "status"])


def downgrade() -> None:
    """Remove them with what they hold."""
    op.drop_index("ix_hotspot_station", "hotspot")
    with op.batch_alter_table("hotspot") as batch:
        for name in NEW_COLUMNS:
            batch.drop_column(name)
    op.drop_index("ix_hotspot_measure", "hotspot_measure")
    op.drop_table("hotspot_measure")
    op.drop_table("incident_pack")
