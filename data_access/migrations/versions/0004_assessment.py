"""The monthly assessment: sums by month, locked scores in full, lines of a lock, appeals.

The new sums are made by the next refresh: it computes everything anew, because the way of computing changed.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

WALL_TIME = sa.DateTime().with_variant(postgresql.TIMESTAMP(precision=0), "postgresql")
NUMBER = sa.Numeric(14, 4, asdecimal=False)
SCORE_COLUMNS = (
    ("kind", sa.String(64)),
    ("base_denominator", sa.Float()),
    ("row_count", sa.Integer()),
    ("base_row_count", sa.Integer()),
    ("x", sa.Float()),
    ("got", sa.Float()),
    ("sample", sa.Float()),
    ("share", sa.Float()),
    ("full_weight", sa.Float()),
    ("notes", sa.String(1000)),
    ("bonus", sa.Float()),
    ("deduction", sa.Float()),
    ("mode", sa.String(64)),
    ("district_code", sa.String(64)),
    ("residents_10k", sa.Float()),
    ("colour", sa.String(64)),
    ("place", sa.Integer()),
    ("place_of", sa.Integer()),
)
ADJUSTMENT_COLUMNS = (
    ("withdrawn_at", WALL_TIME),
    ("withdrawn_by", sa.String(200)),
    ("withdrawn_reason", sa.String(400)),
)


def upgrade() -> None:
    """Make the new tables and columns."""
    _sums()
    _beside()
    op.add_column("assessment_month", sa.Column("rules", sa.Text(), nullable=True))
    for name, kind in SCORE_COLUMNS:
        op.add_column("assessment_score", sa.Column(name, kind, nullable=True))
    for name, column_type in ADJUSTMENT_COLUMNS:
        op.add_column("assessment_adjustment", sa.Column(name, column_type, nullable=True))
    op.create_index("ix_assessment_score_subject", "assessment_score", ["indicator", "period", "version"])


def _sums() -> None:
    op.create_table(
        "measure_month",
        sa.Column("task_code", sa.String(64), nullable=False),
        sa.Column("period", sa.String(64), nullable=False),
        sa.Column("station_code", sa.String(64), nullable=False),
        sa.Column("numerator", sa.Float(), nullable=False),
        sa.Column("denominator", sa.Float(), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("last_numerator", sa.Float(), nullable=False),
        sa.Column("last_denominator", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("task_code", "period", "station_code"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "risk_month",
        sa.Column("period", sa.String(64), nullable=False),
        sa.Column("station_code", sa.String(64), nullable=False),
        sa.Column("subject_kind", sa.String(64), nullable=False),
        sa.Column("subjects", sa.Integer(), nullable=False),
        sa.Column("risky", sa.Integer(), nullable=False),
        sa.Column("lowered", sa.Integer(), nullable=False),
        sa.Column("raised", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("period", "station_code", "subject_kind"),
        sqlite_with_rowid=False,
    )


def _beside() -> None:
    op.create_table(
        "assessment_lock_line",
        sa.Column("period", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("adjustment_id", sa.String(64), nullable=False),
        sa.Column("station_code", sa.String(64), nullable=True),
        sa.Column("points", NUMBER, nullable=False),
        sa.Column("matter", sa.String(400), nullable=True),
        sa.Column("document", sa.String(400), nullable=True),
        sa.Column("author", sa.String(200), nullable=True),
        sa.Column("written_at", WALL_TIME, nullable=False),
        sa.PrimaryKeyConstraint("period", "version", "adjustment_id"),
    )
    op.create_table(
        "assessment_appeal",
        sa.Column("appeal_id", sa.String(64), nullable=False),
        sa.Column("period", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("station_code", sa.String(64), nullable=False),
        sa.Column("indicator", sa.String(64), nullable=True),
        sa.Column("body", sa.String(2000), nullable=True),
        sa.Column("author", sa.String(200), nullable=True),
        sa.Column("written_at", WALL_TIME, nullable=False),
        sa.Column("reply", sa.String(2000), nullable=True),
        sa.Column("replied_by", sa.String(200), nullable=True),
        sa.Column("replied_at", WALL_TIME, nullable=True),
        sa.PrimaryKeyConstraint("appeal_id"),
    )
    op.create_index("ix_assessment_appeal", "assessment_appeal", ["period", "station_code"])


def downgrade() -> None:
    """Remove them with what they hold."""
    op.drop_index("ix_assessment_score_subject", "assessment_score")
    for table, columns in (("assessment_adjustment", ADJUSTMENT_COLUMNS), ("assessment_score", SCORE_COLUMNS)):
        with op.batch_alter_table(table) as batch:
            for name, _ in columns:
                batch.drop_column(name)
    with op.batch_alter_table("assessment_month") as batch:
        batch.drop_column("rules")
    op.drop_index("ix_assessment_appeal", "assessment_appeal")
    for name in ("assessment_appeal", "assessment_lock_line", "risk_month", "measure_month"):
        op.drop_table(name)
