"""The first shape of all tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

WALL_TIME = sa.DateTime().with_variant(postgresql.TIMESTAMP(precision=0), "postgresql")

TABLES = (
    "district",
    "squadron",
    "station",
    "duty_grid",
    "boundary",
    "task_target",
    "hotspot",
    "hotspot_plan",
    "incident",
    "incident_party",
    "dispatch_order",
    "work_order",
    "work_record",
    "sample",
    "risk_code",
    "measure_day",
    "incident_hour",
    "incident_cell_day",
    "board_day",
    "assessment_month",
    "assessment_score",
    "assessment_adjustment",
    "refresh_mark",
    "rollup_span",
    "rollup_todo",
    "feed",
    "data_version",
    "worker_lock",
    "import_file",
    "account",
    "display_token",
    "audit_entry",
)


def upgrade() -> None:
    _organisation()
    _sources()
    _rollups()
    _system()


def downgrade() -> None:
    for name in reversed(TABLES):
        op.drop_table(name)


def _organisation() -> None:
    op.create_table(
        "district",
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=True),
        sa.Column("name_en", sa.String(200), nullable=True),
        sa.Column("sort_no", sa.Integer(), server_default="0", nullable=False),
        sa.Column("residents_10k", sa.Numeric(14, 4, asdecimal=False), nullable=True),
        sa.Column("area_km2", sa.Numeric(14, 4, asdecimal=False), nullable=True),
        sa.Column("lng", sa.Float(), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("is_active", sa.SmallInteger(), server_default="1", nullable=False),
        sa.Column("row_hash", sa.String(32), nullable=True),
        sa.Column("updated_at", WALL_TIME, nullable=False),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "squadron",
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("district_code", sa.String(64), nullable=True),
        sa.Column("name", sa.String(200), nullable=True),
        sa.Column("name_en", sa.String(200), nullable=True),
        sa.Column("kind", sa.String(64), nullable=True),
        sa.Column("row_hash", sa.String(32), nullable=True),
        sa.Column("updated_at", WALL_TIME, nullable=False),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "station",
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("district_code", sa.String(64), nullable=True),
        sa.Column("squadron_code", sa.String(64), nullable=True),
        sa.Column("name", sa.String(200), nullable=True),
        sa.Column("short_name", sa.String(200), nullable=True),
        sa.Column("name_en", sa.String(200), nullable=True),
        sa.Column("region_type", sa.String(64), nullable=True),
        sa.Column("fusion_mode", sa.String(64), nullable=True),
        sa.Column("sort_no", sa.Integer(), server_default="0", nullable=False),
        sa.Column("residents_10k", sa.Numeric(14, 4, asdecimal=False), nullable=True),
        sa.Column("area_km2", sa.Numeric(14, 4, asdecimal=False), nullable=True),
        sa.Column("officers", sa.Integer(), nullable=True),
        sa.Column("lng", sa.Float(), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("is_active", sa.SmallInteger(), server_default="1", nullable=False),
        sa.Column("row_hash", sa.String(32), nullable=True),
        sa.Column("updated_at", WALL_TIME, nullable=False),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_index("ix_station_district", "station", ["district_code"])
    op.create_table(
        "duty_grid",
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("station_code", sa.String(64), nullable=True),
        sa.Column("name", sa.String(200), nullable=True),
        sa.Column("row_hash", sa.String(32), nullable=True),
        sa.Column("updated_at", WALL_TIME, nullable=False),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "boundary",
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("subject_kind", sa.String(64), nullable=True),
        sa.Column("subject_code", sa.String(64), nullable=True),
        sa.Column("name", sa.String(200), nullable=True),
        sa.Column("geojson", sa.Text(), nullable=False),
        sa.Column("is_sketch", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("origin", sa.String(200), nullable=True),
        sa.Column("row_hash", sa.String(32), nullable=True),
        sa.Column("updated_at", WALL_TIME, nullable=False),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_index("ix_boundary_subject", "boundary", ["subject_kind", "subject_code"])
    op.create_table(
        "task_target",
        sa.Column("station_code", sa.String(64), nullable=False),
        sa.Column("task_code", sa.String(64), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("blue", sa.Numeric(14, 4, asdecimal=False), nullable=False),
        sa.Column("yellow", sa.Numeric(14, 4, asdecimal=False), nullable=False),
        sa.Column("reason", sa.String(400), nullable=True),
        sa.Column("set_by", sa.String(200), nullable=True),
        sa.Column("row_hash", sa.String(32), nullable=True),
        sa.Column("updated_at", WALL_TIME, nullable=False),
        sa.PrimaryKeyConstraint("station_code", "task_code", "valid_from"),
    )
    op.create_table(
        "hotspot",
        sa.Column("hotspot_id", sa.String(64), nullable=False),
        sa.Column("station_code", sa.String(64), nullable=True),
        sa.Column("kind", sa.String(64), nullable=True),
        sa.Column("name", sa.String(200), nullable=True),
        sa.Column("lng", sa.Float(), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("radius_m", sa.Numeric(14, 4, asdecimal=False), nullable=True),
        sa.Column("status", sa.String(64), nullable=True),
        sa.Column("opened_at", WALL_TIME, nullable=True),
        sa.Column("closed_at", WALL_TIME, nullable=True),
        sa.Column("leader_name", sa.String(200), nullable=True),
        sa.Column("row_hash", sa.String(32), nullable=True),
        sa.Column("updated_at", WALL_TIME, nullable=False),
        sa.PrimaryKeyConstraint("hotspot_id"),
    )
    op.create_table(
        "hotspot_plan",
        sa.Column("hotspot_id", sa.String(64), nullable=False),
        sa.Column("plan", sa.Text(), nullable=True),
        sa.Column("leader_name", sa.String(200), nullable=True),
        sa.Column("planned_at", WALL_TIME, nullable=True),
        sa.Column("due_at", WALL_TIME, nullable=True),
        sa.Column("row_hash", sa.String(32), nullable=True),
        sa.Column("updated_at", WALL_TIME, nullable=False),
        sa.PrimaryKeyConstraint("hotspot_id"),
    )


def _sources() -> None:
    op.create_table(
        "incident",
        sa.Column("incident_id", sa.String(64), nullable=False),
        sa.Column("source", sa.String(64), nullable=True),
        sa.Column("source_no", sa.String(64), nullable=True),
        sa.Column("station_code", sa.String(64), nullable=True),
        sa.Column("squadron_code", sa.String(64), nullable=True),
        sa.Column("grid_code", sa.String(64), nullable=True),
        sa.Column("class_code", sa.String(64), nullable=True),
        sa.Column("subclass", sa.String(64), nullable=True),
        sa.Column("external_class", sa.String(64), nullable=True),
        sa.Column("reclassified_from", sa.String(64), nullable=True),
        sa.Column("channel", sa.String(64), nullable=True),
        sa.Column("found_by", sa.String(64), nullable=True),
        sa.Column("is_valid", sa.SmallInteger(), server_default="1", nullable=False),
        sa.Column("invalid_reason", sa.String(200), nullable=True),
        sa.Column("repeat_of", sa.String(64), nullable=True),
        sa.Column("occurred_at", WALL_TIME, nullable=False),
        sa.Column("reported_at", WALL_TIME, nullable=True),
        sa.Column("entered_at", WALL_TIME, nullable=True),
        sa.Column("closed_at", WALL_TIME, nullable=True),
        sa.Column("traced_at", WALL_TIME, nullable=True),
        sa.Column("address", sa.String(400), nullable=True),
        sa.Column("road", sa.String(200), nullable=True),
        sa.Column("cross_road", sa.String(200), nullable=True),
        sa.Column("lng", sa.Float(), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("cell", sa.String(64), nullable=True),
        sa.Column("crs", sa.String(64), nullable=True),
        sa.Column("raw_x", sa.Float(), nullable=True),
        sa.Column("raw_y", sa.Float(), nullable=True),
        sa.Column("place_issue", sa.String(64), nullable=True),
        sa.Column("deaths", sa.Integer(), server_default="0", nullable=False),
        sa.Column("injuries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("serious_injuries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("loss_yuan", sa.Numeric(14, 4, asdecimal=False), nullable=True),
        sa.Column("severity", sa.String(64), nullable=True),
        sa.Column("tags", sa.String(400), nullable=True),
        sa.Column("weather", sa.String(200), nullable=True),
        sa.Column("surface", sa.String(200), nullable=True),
        sa.Column("lighting", sa.String(200), nullable=True),
        sa.Column("road_type", sa.String(200), nullable=True),
        sa.Column("content", sa.String(2000), nullable=True),
        sa.Column("caller_name", sa.String(200), nullable=True),
        sa.Column("caller_phone", sa.String(200), nullable=True),
        sa.Column("source_updated_at", WALL_TIME, nullable=True),
        sa.Column("row_hash", sa.String(32), nullable=True),
        sa.Column("updated_at", WALL_TIME, nullable=False),
        sa.PrimaryKeyConstraint("incident_id"),
    )
    op.create_index("ix_incident_closed", "incident", ["closed_at"])
    op.create_index("ix_incident_occurred", "incident", ["occurred_at", "class_code", "station_code"])
    op.create_index("ix_incident_station", "incident", ["station_code", "occurred_at"])
    op.create_index("ix_incident_updated", "incident", ["updated_at"])
    op.create_table(
        "incident_party",
        sa.Column("incident_id", sa.String(64), nullable=False),
        sa.Column("party_no", sa.String(64), nullable=False),
        sa.Column("person_role", sa.String(64), nullable=True),
        sa.Column("vehicle_no", sa.Integer(), nullable=True),
        sa.Column("vehicle_kind", sa.String(200), nullable=True),
        sa.Column("vehicle_state", sa.String(200), nullable=True),
        sa.Column("plate", sa.String(200), nullable=True),
        sa.Column("plate_colour", sa.String(64), nullable=True),
        sa.Column("protection_worn", sa.SmallInteger(), nullable=True),
        sa.Column("sex", sa.String(64), nullable=True),
        sa.Column("age", sa.Integer(), nullable=True),
        sa.Column("injury", sa.String(64), nullable=True),
        sa.Column("is_dead", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("liability", sa.String(64), nullable=True),
        sa.Column("occupation", sa.String(64), nullable=True),
        sa.Column("licence_state", sa.String(64), nullable=True),
        sa.Column("is_local", sa.SmallInteger(), nullable=True),
        sa.Column("is_unit_owned", sa.SmallInteger(), nullable=True),
        sa.Column("unit_code", sa.String(64), nullable=True),
        sa.Column("unit_name", sa.String(200), nullable=True),
        sa.Column("person_name", sa.String(200), nullable=True),
        sa.Column("id_number", sa.String(200), nullable=True),
        sa.Column("phone", sa.String(200), nullable=True),
        sa.Column("tags", sa.String(400), nullable=True),
        sa.Column("row_hash", sa.String(32), nullable=True),
        sa.Column("updated_at", WALL_TIME, nullable=False),
        sa.PrimaryKeyConstraint("incident_id", "party_no"),
    )
    op.create_index("ix_party_updated", "incident_party", ["updated_at"])
    op.create_table(
        "dispatch_order",
        sa.Column("order_id", sa.String(64), nullable=False),
        sa.Column("source", sa.String(64), nullable=True),
        sa.Column("incident_id", sa.String(64), nullable=True),
        sa.Column("station_code", sa.String(64), nullable=True),
        sa.Column("unit_kind", sa.String(64), nullable=True),
        sa.Column("unit_code", sa.String(64), nullable=True),
        sa.Column("class_code", sa.String(64), nullable=True),
        sa.Column("is_valid", sa.SmallInteger(), server_default="1", nullable=False),
        sa.Column("assigned_at", WALL_TIME, nullable=False),
        sa.Column("signed_at", WALL_TIME, nullable=True),
        sa.Column("set_out_at", WALL_TIME, nullable=True),
        sa.Column("arrived_at", WALL_TIME, nullable=True),
        sa.Column("first_feedback_at", WALL_TIME, nullable=True),
        sa.Column("handled_at", WALL_TIME, nullable=True),
        sa.Column("closed_at", WALL_TIME, nullable=True),
        sa.Column("row_hash", sa.String(32), nullable=True),
        sa.Column("updated_at", WALL_TIME, nullable=False),
        sa.PrimaryKeyConstraint("order_id"),
    )
    op.create_index("ix_dispatch_assigned", "dispatch_order", ["assigned_at", "station_code"])
    op.create_index("ix_dispatch_incident", "dispatch_order", ["incident_id"])
    op.create_index("ix_dispatch_station", "dispatch_order", ["station_code", "assigned_at"])
    op.create_index("ix_dispatch_updated", "dispatch_order", ["updated_at"])
    op.create_table(
        "work_order",
        sa.Column("order_id", sa.String(64), nullable=False),
        sa.Column("source", sa.String(64), nullable=True),
        sa.Column("kind", sa.String(64), nullable=True),
        sa.Column("station_code", sa.String(64), nullable=True),
        sa.Column("owner_kind", sa.String(64), nullable=True),
        sa.Column("owner_unit", sa.String(200), nullable=True),
        sa.Column("owner_name", sa.String(200), nullable=True),
        sa.Column("incident_id", sa.String(64), nullable=True),
        sa.Column("hotspot_id", sa.String(64), nullable=True),
        sa.Column("model_code", sa.String(64), nullable=True),
        sa.Column("grade", sa.String(64), nullable=True),
        sa.Column("title", sa.String(400), nullable=True),
        sa.Column("requirement", sa.String(1000), nullable=True),
        sa.Column("created_at", WALL_TIME, nullable=False),
        sa.Column("due_at", WALL_TIME, nullable=True),
        sa.Column("signed_at", WALL_TIME, nullable=True),
        sa.Column("surveyed_at", WALL_TIME, nullable=True),
        sa.Column("planned_at", WALL_TIME, nullable=True),
        sa.Column("closed_at", WALL_TIME, nullable=True),
        sa.Column("verified_at", WALL_TIME, nullable=True),
        sa.Column("review_result", sa.String(64), nullable=True),
        sa.Column("status", sa.String(64), nullable=True),
        sa.Column("withdrawn_reason", sa.String(400), nullable=True),
        sa.Column("is_listed", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("place", sa.String(400), nullable=True),
        sa.Column("lng", sa.Float(), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("row_hash", sa.String(32), nullable=True),
        sa.Column("updated_at", WALL_TIME, nullable=False),
        sa.PrimaryKeyConstraint("order_id"),
    )
    op.create_index("ix_work_order_closed", "work_order", ["kind", "closed_at", "due_at"])
    op.create_index("ix_work_order_verified", "work_order", ["kind", "verified_at"])
    op.create_index("ix_work_order_created", "work_order", ["kind", "created_at"])
    op.create_index("ix_work_order_due", "work_order", ["kind", "due_at"])
    op.create_index("ix_work_order_station", "work_order", ["station_code", "kind", "due_at"])
    op.create_index("ix_work_order_updated", "work_order", ["updated_at"])
    op.create_table(
        "work_record",
        sa.Column("record_id", sa.String(64), nullable=False),
        sa.Column("source", sa.String(64), nullable=True),
        sa.Column("kind", sa.String(64), nullable=True),
        sa.Column("subkind", sa.String(64), nullable=True),
        sa.Column("station_code", sa.String(64), nullable=True),
        sa.Column("at", WALL_TIME, nullable=False),
        sa.Column("quantity", sa.Numeric(14, 4, asdecimal=False), server_default="1", nullable=False),
        sa.Column("has_evidence", sa.SmallInteger(), server_default="1", nullable=False),
        sa.Column("place", sa.String(400), nullable=True),
        sa.Column("lng", sa.Float(), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("owner_name", sa.String(200), nullable=True),
        sa.Column("evidence", sa.String(400), nullable=True),
        sa.Column("tags", sa.String(400), nullable=True),
        sa.Column("note", sa.String(1000), nullable=True),
        sa.Column("row_hash", sa.String(32), nullable=True),
        sa.Column("updated_at", WALL_TIME, nullable=False),
        sa.PrimaryKeyConstraint("record_id"),
    )
    op.create_index("ix_work_record_at", "work_record", ["kind", "at", "station_code"])
    op.create_index("ix_work_record_station", "work_record", ["station_code", "kind", "at"])
    op.create_index("ix_work_record_updated", "work_record", ["updated_at"])
    op.create_table(
        "sample",
        sa.Column("sample_id", sa.String(64), nullable=False),
        sa.Column("source", sa.String(64), nullable=True),
        sa.Column("kind", sa.String(64), nullable=True),
        sa.Column("station_code", sa.String(64), nullable=True),
        sa.Column("at", WALL_TIME, nullable=False),
        sa.Column("numerator", sa.Numeric(14, 4, asdecimal=False), nullable=False),
        sa.Column("denominator", sa.Numeric(14, 4, asdecimal=False), nullable=False),
        sa.Column("place", sa.String(400), nullable=True),
        sa.Column("owner_name", sa.String(200), nullable=True),
        sa.Column("note", sa.String(1000), nullable=True),
        sa.Column("row_hash", sa.String(32), nullable=True),
        sa.Column("updated_at", WALL_TIME, nullable=False),
        sa.PrimaryKeyConstraint("sample_id"),
    )
    op.create_index("ix_sample_at", "sample", ["kind", "at", "station_code"])
    op.create_index("ix_sample_station", "sample", ["station_code", "kind", "at"])
    op.create_index("ix_sample_updated", "sample", ["updated_at"])
    op.create_table(
        "risk_code",
        sa.Column("code_id", sa.String(64), nullable=False),
        sa.Column("source", sa.String(64), nullable=True),
        sa.Column("subject_kind", sa.String(64), nullable=True),
        sa.Column("subject_id", sa.String(64), nullable=True),
        sa.Column("subject_name", sa.String(200), nullable=True),
        sa.Column("station_code", sa.String(64), nullable=True),
        sa.Column("colour", sa.String(64), nullable=True),
        sa.Column("valid_from", WALL_TIME, nullable=False),
        sa.Column("valid_to", WALL_TIME, nullable=True),
        sa.Column("row_hash", sa.String(32), nullable=True),
        sa.Column("updated_at", WALL_TIME, nullable=False),
        sa.PrimaryKeyConstraint("code_id"),
    )
    op.create_index("ix_risk_code_subject", "risk_code", ["subject_kind", "subject_id", "valid_from"])
    op.create_index("ix_risk_code_updated", "risk_code", ["updated_at"])
    op.create_index("ix_risk_code_valid", "risk_code", ["subject_kind", "valid_to", "valid_from"])


def _rollups() -> None:
    op.create_table(
        "measure_day",
        sa.Column("task_code", sa.String(64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("station_code", sa.String(64), nullable=False),
        sa.Column("numerator", sa.Float(), nullable=False),
        sa.Column("denominator", sa.Float(), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("task_code", "day", "station_code"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_measure_day_station", "measure_day", ["station_code", "day"])
    op.create_table(
        "incident_hour",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("hour", sa.SmallInteger(), nullable=False),
        sa.Column("station_code", sa.String(64), nullable=False),
        sa.Column("class_code", sa.String(64), nullable=False),
        sa.Column("subclass", sa.String(64), nullable=False),
        sa.Column("incidents", sa.Integer(), nullable=False),
        sa.Column("invalid", sa.Integer(), nullable=False),
        sa.Column("repeats", sa.Integer(), nullable=False),
        sa.Column("deaths", sa.Integer(), nullable=False),
        sa.Column("injuries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "hour", "station_code", "class_code", "subclass"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_incident_hour_station", "incident_hour", ["station_code", "day"])
    op.create_table(
        "incident_cell_day",
        sa.Column("cell", sa.String(64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("station_code", sa.String(64), nullable=False),
        sa.Column("class_code", sa.String(64), nullable=False),
        sa.Column("incidents", sa.Integer(), nullable=False),
        sa.Column("deaths", sa.Integer(), nullable=False),
        sa.Column("injuries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("cell", "day", "station_code", "class_code"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_incident_cell_day", "incident_cell_day", ["day", "station_code"])
    op.create_table(
        "board_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("station_code", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("subject_kind", sa.String(64), nullable=True),
        sa.Column("colour", sa.String(64), nullable=True),
        sa.Column("reason", sa.String(64), nullable=True),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("numerator", sa.Float(), nullable=True),
        sa.Column("denominator", sa.Float(), nullable=True),
        sa.Column("base", sa.Float(), nullable=True),
        sa.Column("blue", sa.Float(), nullable=True),
        sa.Column("yellow", sa.Float(), nullable=True),
        sa.Column("waiting", sa.Integer(), nullable=True),
        sa.Column("expected", sa.Float(), nullable=True),
        sa.Column("pace", sa.Float(), nullable=True),
        sa.Column("missing", sa.Float(), nullable=True),
        sa.Column("yellow_count", sa.Integer(), nullable=True),
        sa.Column("red_count", sa.Integer(), nullable=True),
        sa.Column("grey_count", sa.Integer(), nullable=True),
        sa.Column("is_held", sa.SmallInteger(), nullable=True),
        sa.Column("rule_version", sa.String(64), nullable=True),
        sa.Column("frozen_at", WALL_TIME, nullable=False),
        sa.PrimaryKeyConstraint("day", "station_code", "subject"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_board_day_subject", "board_day", ["subject", "day", "station_code"])
    op.create_table(
        "assessment_month",
        sa.Column("period", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(64), nullable=True),
        sa.Column("rule_version", sa.String(64), nullable=True),
        sa.Column("input_digest", sa.String(200), nullable=True),
        sa.Column("locked_by", sa.String(200), nullable=True),
        sa.Column("locked_at", WALL_TIME, nullable=True),
        sa.Column("note", sa.String(1000), nullable=True),
        sa.PrimaryKeyConstraint("period", "version"),
    )
    op.create_table(
        "assessment_score",
        sa.Column("period", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("station_code", sa.String(64), nullable=False),
        sa.Column("indicator", sa.String(64), nullable=False),
        sa.Column("numerator", sa.Float(), nullable=True),
        sa.Column("denominator", sa.Float(), nullable=True),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("base", sa.Float(), nullable=True),
        sa.Column("weight", sa.Float(), nullable=True),
        sa.Column("points", sa.Float(), nullable=True),
        sa.Column("state", sa.String(64), nullable=True),
        sa.PrimaryKeyConstraint("period", "version", "station_code", "indicator"),
    )
    op.create_table(
        "assessment_adjustment",
        sa.Column("adjustment_id", sa.String(64), nullable=False),
        sa.Column("period", sa.String(64), nullable=True),
        sa.Column("station_code", sa.String(64), nullable=True),
        sa.Column("points", sa.Numeric(14, 4, asdecimal=False), nullable=False),
        sa.Column("matter", sa.String(400), nullable=True),
        sa.Column("document", sa.String(400), nullable=True),
        sa.Column("author", sa.String(200), nullable=True),
        sa.Column("written_at", WALL_TIME, nullable=False),
        sa.PrimaryKeyConstraint("adjustment_id"),
    )
    op.create_index("ix_adjustment_period", "assessment_adjustment", ["period", "station_code"])
    op.create_table(
        "refresh_mark",
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("watermark", WALL_TIME, nullable=True),
        sa.Column("definition", sa.String(64), nullable=True),
        sa.PrimaryKeyConstraint("source"),
    )
    op.create_table(
        "rollup_span",
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("row_id", sa.String(64), nullable=False),
        sa.Column("day_from", sa.Date(), nullable=False),
        sa.Column("day_to", sa.Date(), nullable=False),
        sa.Column("seen_at", WALL_TIME, nullable=False),
        sa.Column("seen_hash", sa.String(32), nullable=True),
        sa.PrimaryKeyConstraint("source", "row_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rollup_todo",
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("source", "day"),
        sqlite_with_rowid=False,
    )


def _system() -> None:
    op.create_table(
        "feed",
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("expected_seconds", sa.Integer(), server_default="3600", nullable=False),
        sa.Column("first_row_at", WALL_TIME, nullable=True),
        sa.Column("last_row_at", WALL_TIME, nullable=True),
        sa.Column("complete_to", WALL_TIME, nullable=True),
        sa.Column("last_load_at", WALL_TIME, nullable=True),
        sa.Column("origin", sa.String(200), nullable=True),
        sa.Column("note", sa.String(400), nullable=True),
        sa.Column("updated_at", WALL_TIME, nullable=False),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "data_version",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("changed_at", WALL_TIME, nullable=True),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "worker_lock",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("holder", sa.String(200), nullable=True),
        sa.Column("until", WALL_TIME, nullable=True),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "import_file",
        sa.Column("import_id", sa.String(64), nullable=False),
        sa.Column("profile", sa.String(64), nullable=True),
        sa.Column("file_name", sa.String(400), nullable=True),
        sa.Column("digest", sa.String(64), nullable=True),
        sa.Column("started_at", WALL_TIME, nullable=True),
        sa.Column("finished_at", WALL_TIME, nullable=True),
        sa.Column("rows_read", sa.Integer(), nullable=True),
        sa.Column("rows_loaded", sa.Integer(), nullable=True),
        sa.Column("rows_unchanged", sa.Integer(), nullable=True),
        sa.Column("rows_rejected", sa.Integer(), nullable=True),
        sa.Column("reject_file", sa.String(400), nullable=True),
        sa.PrimaryKeyConstraint("import_id"),
    )
    op.create_index("ix_import_file_digest", "import_file", ["digest"])
    op.create_table(
        "account",
        sa.Column("account_id", sa.String(64), nullable=False),
        sa.Column("login", sa.String(64), nullable=True),
        sa.Column("display_name", sa.String(200), nullable=True),
        sa.Column("role", sa.String(64), nullable=True),
        sa.Column("station_code", sa.String(64), nullable=True),
        sa.Column("district_code", sa.String(64), nullable=True),
        sa.Column("password_hash", sa.String(400), nullable=True),
        sa.Column("is_active", sa.SmallInteger(), server_default="1", nullable=False),
        sa.Column("last_seen_at", WALL_TIME, nullable=True),
        sa.Column("created_at", WALL_TIME, nullable=False),
        sa.PrimaryKeyConstraint("account_id"),
    )
    op.create_index("ix_account_login", "account", ["login"], unique=True)
    op.create_table(
        "display_token",
        sa.Column("token_id", sa.String(64), nullable=False),
        sa.Column("token_hash", sa.String(128), nullable=True),
        sa.Column("name", sa.String(200), nullable=True),
        sa.Column("layout", sa.String(1000), nullable=True),
        sa.Column("is_active", sa.SmallInteger(), server_default="1", nullable=False),
        sa.Column("created_at", WALL_TIME, nullable=False),
        sa.Column("last_seen_at", WALL_TIME, nullable=True),
        sa.PrimaryKeyConstraint("token_id"),
    )
    op.create_table(
        "audit_entry",
        sa.Column("entry_id", sa.String(64), nullable=False),
        sa.Column("at", WALL_TIME, nullable=False),
        sa.Column("actor", sa.String(200), nullable=True),
        sa.Column("action", sa.String(64), nullable=True),
        sa.Column("subject", sa.String(400), nullable=True),
        sa.Column("detail", sa.String(2000), nullable=True),
        sa.Column("previous_hash", sa.String(128), nullable=True),
        sa.Column("entry_hash", sa.String(128), nullable=True),
        sa.PrimaryKeyConstraint("entry_id"),
    )
    op.create_index("ix_audit_entry_at", "audit_entry", ["at"])
