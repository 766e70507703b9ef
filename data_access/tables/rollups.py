"""What is computed from the rows, and what was frozen."""

from __future__ import annotations

from sqlalchemy import Column, Date, Float, Index, Integer, LargeBinary, SmallInteger, String, Table

from data_access.tables.columns import code, flag, metadata, moment, text

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

measure_month = Table(
    "measure_month",
    metadata,
    code("task_code", key=True),
    code("period", key=True),  # 2024-05
    code("station_code", key=True),
    Column("numerator", Float, nullable=False),
    Column("denominator", Float, nullable=False),
    Column("row_count", Integer, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("last_numerator", Float, nullable=False),
    Column("last_denominator", Float, nullable=False),
    sqlite_with_rowid=False,
)

risk_month = Table(
    "risk_month",
    metadata,
    code("period", key=True),
    code("station_code", key=True),
    code("subject_kind", key=True),
    Column("subjects", Integer, nullable=False),
    Column("risky", Integer, nullable=False),
    Column("lowered", Integer, nullable=False),
    Column("raised", Integer, nullable=False),
    sqlite_with_rowid=False,
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
