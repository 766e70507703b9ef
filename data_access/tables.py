"""The shared database: every table that other systems write and the board reads.

The public description, column by column, is `docs/data-contract.md`; a test holds the two together.
Portability (DOMAIN 7): identifiers are made by the application, booleans are small integers, no
arrays, no JSON operators, no partial or expression indexes, no reserved words, names of at most
30 characters. Unique keys of the big tables contain the column they would be distributed by.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, Date, Float, Index, Integer, MetaData, SmallInteger, String, Table, Text

from data_access.types import WallTime, number

metadata = MetaData()


def _code(name: str, *, key: bool = False, null: bool = True) -> Column[str]:
    return Column(name, String(64), primary_key=key, nullable=null and not key)


def _text(name: str, size: int = 200) -> Column[str]:
    return Column(name, String(size))


def _time(name: str, *, null: bool = True) -> Column[Any]:
    return Column(name, WallTime, nullable=null)


def _flag(name: str, default: int | None = None) -> Column[int]:
    return Column(
        name, SmallInteger, nullable=default is None, server_default=None if default is None else str(default)
    )


def _written() -> list[Column[Any]]:
    """Columns every source row has: fingerprint of its content, and when it was last written here."""
    return [Column("row_hash", String(32)), _time("updated_at", null=False)]


district = Table(
    "district",
    metadata,
    _code("code", key=True),
    _text("name"),
    _text("name_en"),
    Column("sort_no", Integer, nullable=False, server_default="0"),
    Column("residents_10k", number()),
    Column("area_km2", number()),
    Column("lng", Float),
    Column("lat", Float),
    _flag("is_active", 1),
    *_written(),
)

squadron = Table(
    "squadron",
    metadata,
    _code("code", key=True),
    _code("district_code"),
    _text("name"),
    _text("name_en"),
    _code("kind"),
    *_written(),
)

station = Table(
    "station",
    metadata,
    _code("code", key=True),
    _code("district_code"),
    _code("squadron_code"),
    _text("name"),
    _text("short_name"),
    _text("name_en"),
    _code("region_type"),  # urban | fringe | rural
    _code("fusion_mode"),  # basic | deep | full
    Column("sort_no", Integer, nullable=False, server_default="0"),
    Column("residents_10k", number()),
    Column("area_km2", number()),
    Column("officers", Integer),
    Column("lng", Float),
    Column("lat", Float),
    _flag("is_active", 1),
    *_written(),
    Index("ix_station_district", "district_code"),
)

duty_grid = Table(
    "duty_grid",
    metadata,
    _code("code", key=True),
    _code("station_code"),
    _text("name"),
    *_written(),
)

boundary = Table(
    "boundary",
    metadata,
    _code("code", key=True),
    _code("subject_kind"),  # city | district | station | duty_grid
    _code("subject_code"),
    _text("name"),
    Column("geojson", Text, nullable=False),
    _flag("is_sketch", 0),
    _text("origin"),
    *_written(),
    Index("ix_boundary_subject", "subject_kind", "subject_code"),
)

incident = Table(
    "incident",
    metadata,
    _code("incident_id", key=True),
    _code("source"),
    _code("source_no"),
    _code("station_code"),
    _code("squadron_code"),
    _code("grid_code"),
    _code("class_code"),  # accident | order | other
    _code("subclass"),
    _code("external_class"),
    _code("reclassified_from"),
    _code("channel"),
    _code("found_by"),  # citizen | officer
    _flag("is_valid", 1),
    _text("invalid_reason"),
    _code("repeat_of"),
    _time("occurred_at", null=False),
    _time("reported_at"),
    _time("entered_at"),
    _time("closed_at"),
    _time("traced_at"),
    _text("address", 400),
    _text("road"),
    _text("cross_road"),
    Column("lng", Float),
    Column("lat", Float),
    _code("cell"),
    _code("crs"),
    Column("raw_x", Float),
    Column("raw_y", Float),
    _code("place_issue"),  # missing | impossible | outside | null when usable
    Column("deaths", Integer, nullable=False, server_default="0"),
    Column("injuries", Integer, nullable=False, server_default="0"),
    Column("serious_injuries", Integer, nullable=False, server_default="0"),
    Column("loss_yuan", number()),
    _code("severity"),
    _text("tags", 400),
    _text("weather"),
    _text("surface"),
    _text("lighting"),
    _text("road_type"),
    _text("content", 2000),
    _text("caller_name"),
    _text("caller_phone"),
    _time("source_updated_at"),
    *_written(),
    Index("ix_incident_occurred", "occurred_at", "class_code", "station_code"),
    Index("ix_incident_closed", "closed_at"),
    Index("ix_incident_station", "station_code", "occurred_at"),
    Index("ix_incident_updated", "updated_at"),
)

incident_party = Table(
    "incident_party",
    metadata,
    _code("incident_id", key=True),
    _code("party_no", key=True),
    _code("person_role"),
    Column("vehicle_no", Integer),
    _text("vehicle_kind"),
    _text("vehicle_state"),
    _text("plate"),
    _code("plate_colour"),
    _flag("protection_worn"),
    _code("sex"),
    Column("age", Integer),
    _code("injury"),
    _flag("is_dead", 0),
    _code("liability"),
    _code("occupation"),
    _code("licence_state"),
    _flag("is_local"),
    _flag("is_unit_owned"),
    _code("unit_code"),
    _text("unit_name"),
    _text("person_name"),
    _text("id_number"),
    _text("phone"),
    _text("tags", 400),
    *_written(),
    Index("ix_party_updated", "updated_at"),
)

dispatch_order = Table(
    "dispatch_order",
    metadata,
    _code("order_id", key=True),
    _code("source"),
    _code("incident_id"),
    _code("station_code"),
    _code("unit_kind"),  # station | squadron
    _code("unit_code"),
    _code("class_code"),
    _flag("is_valid", 1),
    _time("assigned_at", null=False),
    _time("signed_at"),
    _time("set_out_at"),
    _time("arrived_at"),
    _time("first_feedback_at"),
    _time("handled_at"),
    _time("closed_at"),
    *_written(),
    Index("ix_dispatch_assigned", "assigned_at", "station_code"),
    Index("ix_dispatch_station", "station_code", "assigned_at"),
    Index("ix_dispatch_incident", "incident_id"),
    Index("ix_dispatch_updated", "updated_at"),
)

work_order = Table(
    "work_order",
    metadata,
    _code("order_id", key=True),
    _code("source"),
    _code("kind"),  # tracing | hazard | supervision | assignment | enterprise | callback
    _code("station_code"),
    _code("owner_kind"),  # station | squadron
    _text("owner_unit"),
    _text("owner_name"),
    _code("incident_id"),
    _code("hotspot_id"),
    _code("model_code"),
    _code("grade"),
    _text("title", 400),
    _text("requirement", 1000),
    _time("created_at", null=False),
    _time("due_at"),
    _time("signed_at"),
    _time("surveyed_at"),
    _time("planned_at"),
    _time("closed_at"),
    _time("verified_at"),
    _code("review_result"),  # pass | return
    _code("status"),  # open | closed | withdrawn
    _text("withdrawn_reason", 400),
    _flag("is_listed", 0),
    _text("place", 400),
    Column("lng", Float),
    Column("lat", Float),
    *_written(),
    Index("ix_work_order_created", "kind", "created_at"),
    Index("ix_work_order_due", "kind", "due_at"),
    Index("ix_work_order_closed", "kind", "closed_at"),
    Index("ix_work_order_station", "station_code", "kind", "due_at"),
    Index("ix_work_order_updated", "updated_at"),
)

work_record = Table(
    "work_record",
    metadata,
    _code("record_id", key=True),
    _code("source"),
    _code("kind"),
    _code("subkind"),
    _code("station_code"),
    _time("at", null=False),
    Column("quantity", number(), nullable=False, server_default="1"),
    _flag("has_evidence", 1),
    _text("place", 400),
    Column("lng", Float),
    Column("lat", Float),
    _text("owner_name"),
    _text("evidence", 400),
    _text("tags", 400),
    _text("note", 1000),
    *_written(),
    Index("ix_work_record_at", "kind", "at", "station_code"),
    Index("ix_work_record_station", "station_code", "kind", "at"),
    Index("ix_work_record_updated", "updated_at"),
)

sample = Table(
    "sample",
    metadata,
    _code("sample_id", key=True),
    _code("source"),
    _code("kind"),
    _code("station_code"),
    _time("at", null=False),
    Column("numerator", number(), nullable=False),
    Column("denominator", number(), nullable=False),
    _text("place", 400),
    _text("owner_name"),
    _text("note", 1000),
    *_written(),
    Index("ix_sample_at", "kind", "at", "station_code"),
    Index("ix_sample_station", "station_code", "kind", "at"),
    Index("ix_sample_updated", "updated_at"),
)

risk_code = Table(
    "risk_code",
    metadata,
    _code("code_id", key=True),
    _code("source"),
    _code("subject_kind"),  # person | enterprise | village
    _code("subject_id"),
    _text("subject_name"),
    _code("station_code"),
    _code("colour"),  # green | yellow | red
    _time("valid_from", null=False),
    _time("valid_to"),
    *_written(),
    Index("ix_risk_code_subject", "subject_kind", "subject_id"),
    Index("ix_risk_code_valid", "subject_kind", "valid_from"),
    Index("ix_risk_code_updated", "updated_at"),
)

task_target = Table(
    "task_target",
    metadata,
    _code("station_code", key=True),
    _code("task_code", key=True),
    Column("valid_from", Date, primary_key=True),
    Column("valid_to", Date),
    Column("blue", number(), nullable=False),
    Column("yellow", number(), nullable=False),
    _text("reason", 400),
    _text("set_by"),
    *_written(),
)

hotspot = Table(
    "hotspot",
    metadata,
    _code("hotspot_id", key=True),
    _code("station_code"),
    _code("kind"),  # district | section | junction (商圈 路段 路口)
    _text("name"),
    Column("lng", Float),
    Column("lat", Float),
    Column("radius_m", number()),
    _code("status"),
    _time("opened_at"),
    _time("closed_at"),
    _text("leader_name"),
    *_written(),
)

hotspot_plan = Table(
    "hotspot_plan",
    metadata,
    _code("hotspot_id", key=True),
    Column("plan", Text),
    _text("leader_name"),
    _time("planned_at"),
    _time("due_at"),
    *_written(),
)

measure_day = Table(
    "measure_day",
    metadata,
    _code("task_code", key=True),
    Column("day", Date, primary_key=True),
    _code("station_code", key=True),
    Column("numerator", Float, nullable=False),
    Column("denominator", Float, nullable=False),
    Column("row_count", Integer, nullable=False),
    Index("ix_measure_day_station", "station_code", "day"),
)

incident_hour = Table(
    "incident_hour",
    metadata,
    Column("day", Date, primary_key=True),
    Column("hour", SmallInteger, primary_key=True),
    _code("station_code", key=True),
    _code("class_code", key=True),
    _code("subclass", key=True),
    Column("incidents", Integer, nullable=False),
    Column("invalid", Integer, nullable=False),
    Column("repeats", Integer, nullable=False),
    Column("deaths", Integer, nullable=False),
    Column("injuries", Integer, nullable=False),
    Index("ix_incident_hour_station", "station_code", "day"),
)

incident_cell_day = Table(
    "incident_cell_day",
    metadata,
    _code("cell", key=True),
    Column("day", Date, primary_key=True),
    _code("station_code", key=True),
    _code("class_code", key=True),
    Column("incidents", Integer, nullable=False),
    Column("deaths", Integer, nullable=False),
    Column("injuries", Integer, nullable=False),
    Index("ix_incident_cell_day", "day", "station_code"),
)

board_day = Table(
    "board_day",
    metadata,
    Column("day", Date, primary_key=True),
    _code("station_code", key=True),
    _code("subject", key=True),  # task code, theme code, or "station"
    _code("colour"),
    _code("reason"),
    Column("score", Float),
    Column("value", Float),
    Column("numerator", Float),
    Column("denominator", Float),
    Column("base", Float),
    Column("blue", Float),
    Column("yellow", Float),
    _code("rule_version"),
    _time("frozen_at", null=False),
    Index("ix_board_day_station", "station_code", "day"),
)

assessment_month = Table(
    "assessment_month",
    metadata,
    _code("period", key=True),  # 2024-05
    Column("version", Integer, primary_key=True),
    _code("status"),
    _code("rule_version"),
    _text("input_digest"),
    _text("locked_by"),
    _time("locked_at"),
    _text("note", 1000),
)

assessment_score = Table(
    "assessment_score",
    metadata,
    _code("period", key=True),
    Column("version", Integer, primary_key=True),
    _code("station_code", key=True),
    _code("indicator", key=True),
    Column("numerator", Float),
    Column("denominator", Float),
    Column("value", Float),
    Column("base", Float),
    Column("weight", Float),
    Column("points", Float),
    _code("state"),
)

assessment_adjustment = Table(
    "assessment_adjustment",
    metadata,
    _code("adjustment_id", key=True),
    _code("period"),
    _code("station_code"),
    Column("points", number(), nullable=False),
    _text("matter", 400),
    _text("document", 400),
    _text("author"),
    _time("written_at", null=False),
    Index("ix_adjustment_period", "period", "station_code"),
)

feed = Table(
    "feed",
    metadata,
    _code("code", key=True),
    Column("expected_seconds", Integer, nullable=False, server_default="3600"),
    _time("first_row_at"),
    _time("last_row_at"),
    _time("complete_to"),
    _time("last_load_at"),
    _text("origin"),
    _text("note", 400),
    _time("updated_at", null=False),
)

data_version = Table(
    "data_version",
    metadata,
    _code("name", key=True),
    Column("version", BigInteger, nullable=False, server_default="0"),
    _time("changed_at"),
)

refresh_mark = Table(
    "refresh_mark",
    metadata,
    _code("source", key=True),
    _time("watermark"),
    _text("definition", 64),
)

rollup_span = Table(
    "rollup_span",
    metadata,
    _code("source", key=True),
    _code("row_id", key=True),
    Column("day_from", Date, nullable=False),
    Column("day_to", Date, nullable=False),
    _time("seen_at", null=False),
)

worker_lock = Table(
    "worker_lock",
    metadata,
    _code("name", key=True),
    _text("holder"),
    _time("until"),
)

import_file = Table(
    "import_file",
    metadata,
    _code("import_id", key=True),
    _code("profile"),
    _text("file_name", 400),
    _code("digest"),
    _time("started_at"),
    _time("finished_at"),
    Column("rows_read", Integer),
    Column("rows_loaded", Integer),
    Column("rows_unchanged", Integer),
    Column("rows_rejected", Integer),
    _text("reject_file", 400),
    Index("ix_import_file_digest", "digest"),
)

account = Table(
    "account",
    metadata,
    _code("account_id", key=True),
    _code("login"),
    _text("display_name"),
    _code("role"),
    _code("station_code"),
    _code("district_code"),
    _text("password_hash", 400),
    _flag("is_active", 1),
    _time("last_seen_at"),
    _time("created_at", null=False),
    Index("ix_account_login", "login", unique=True),
)

display_token = Table(
    "display_token",
    metadata,
    _code("token_id", key=True),
    _text("token_hash", 128),
    _text("name"),
    _text("layout", 1000),
    _flag("is_active", 1),
    _time("created_at", null=False),
    _time("last_seen_at"),
)

audit_entry = Table(
    "audit_entry",
    metadata,
    _code("entry_id", key=True),
    _time("at", null=False),
    _text("actor"),
    _code("action"),
    _text("subject", 400),
    _text("detail", 2000),
    _text("previous_hash", 128),
    _text("entry_hash", 128),
    Index("ix_audit_entry_at", "at"),
)

SOURCES = {
    table.name: table
    for table in (incident, incident_party, dispatch_order, work_order, work_record, sample, risk_code)
}
"""Tables that other systems write rows into, by name."""
