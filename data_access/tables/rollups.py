"""What is computed from the rows, and what was frozen."""

from __future__ import annotations

from sqlalchemy import Column, Date, Float, Index, Integer, LargeBinary, SmallInteger, String, Table

from data_access.tables.columns import code, flag, metadata, moment, text
from data_access.types import number

measure_day = Table(
    "measure_day",
    metadata,
    code("task_code", key=True),
    Column("day", Date, primary_key=True),
    code("station_code", key=True),
    Column("numerator", Float, nullable=False),
    Column("denominator", Float, nullable=False),
    Column("row_count", Integer, nullable=False),
    Index("ix_measure_day_station", "station_code", "day"),
    sqlite_with_rowid=False,
)

incident_hour = Table(
    "incident_hour",
    metadata,
    Column("day", Date, primary_key=True),
    Column("hour", SmallInteger, primary_key=True),
    code("station_code", key=True),
    code("class_code", key=True),
    code("subclass", key=True),
    Column("incidents", Integer, nullable=False),
    Column("invalid", Integer, nullable=False),
    Column("repeats", Integer, nullable=False),
    Column("deaths", Integer, nullable=False),
    Column("injuries", Integer, nullable=False),
    Index("ix_incident_hour_station", "station_code", "day"),
    sqlite_with_rowid=False,
)

incident_cell_day = Table(
    "incident_cell_day",
    metadata,
    code("cell", key=True),
    Column("day", Date, primary_key=True),
    code("station_code", key=True),
    code("class_code", key=True),
    Column("incidents", Integer, nullable=False),
    Column("deaths", Integer, nullable=False),
    Column("injuries", Integer, nullable=False),
    Index("ix_incident_cell_day", "day", "station_code"),
    sqlite_with_rowid=False,
)

incident_pack = Table(
    "incident_pack",
    metadata,
    Column("day", Date, primary_key=True),
    Column("row_count", Integer, nullable=False),
    Column("stamp", String(32), nullable=False),
    Column("facts", LargeBinary, nullable=False),
    Column("places", LargeBinary, nullable=False),
    Column("names", LargeBinary, nullable=False),
)

dispatch_pack = Table(
    "dispatch_pack",
    metadata,
    Column("day", Date, primary_key=True),
    Column("row_count", Integer, nullable=False),
    Column("stamp", String(32), nullable=False),
    Column("facts", LargeBinary, nullable=False),
)

board_day = Table(
    "board_day",
    metadata,
    Column("day", Date, primary_key=True),
    code("station_code", key=True),
    code("subject", key=True),  # task code, theme code, or "station"
    code("subject_kind"),  # task | theme | station
    code("colour"),
    code("reason"),
    Column("score", Float),
    Column("value", Float),
    Column("numerator", Float),
    Column("denominator", Float),
    Column("base", Float),
    Column("blue", Float),
    Column("yellow", Float),
    Column("waiting", Integer),
    Column("expected", Float),
    Column("pace", Float),
    Column("missing", Float),
    Column("yellow_count", Integer),
    Column("red_count", Integer),
    Column("grey_count", Integer),
    flag("is_held"),
    code("rule_version"),
    moment("frozen_at", null=False),
    Index("ix_board_day_subject", "subject", "day", "station_code"),
    sqlite_with_rowid=False,
)

assessment_month = Table(
    "assessment_month",
    metadata,
    code("period", key=True),  # 2024-05
    Column("version", Integer, primary_key=True),
    code("status"),
    code("rule_version"),
    text("input_digest"),
    text("locked_by"),
    moment("locked_at"),
    text("note", 1000),
)

assessment_score = Table(
    "assessment_score",
    metadata,
    code("period", key=True),
    Column("version", Integer, primary_key=True),
    code("station_code", key=True),
    code("indicator", key=True),
    Column("numerator", Float),
    Column("denominator", Float),
    Column("value", Float),
    Column("base", Float),
    Column("weight", Float),
    Column("points", Float),
    code("state"),
)

assessment_adjustment = Table(
    "assessment_adjustment",
    metadata,
    code("adjustment_id", key=True),
    code("period"),
    code("station_code"),
    Column("points", number(), nullable=False),
    text("matter", 400),
    text("document", 400),
    text("author"),
    moment("written_at", null=False),
    Index("ix_adjustment_period", "period", "station_code"),
)

refresh_mark = Table(
    "refresh_mark",
    metadata,
    code("source", key=True),
    moment("watermark"),
    text("definition", 64),
)

rollup_span = Table(
    "rollup_span",
    metadata,
    code("source", key=True),
    code("row_id", key=True),
    Column("day_from", Date, nullable=False),
    Column("day_to", Date, nullable=False),
    moment("seen_at", null=False),
    Column("seen_hash", String(32)),
    sqlite_with_rowid=False,
)

rollup_todo = Table(
    "rollup_todo",
    metadata,
    code("source", key=True),
    Column("day", Date, primary_key=True),
    sqlite_with_rowid=False,
)
