"""The organisation: who there is, where, with which targets and hot spots."""

from __future__ import annotations

from sqlalchemy import Column, Date, Float, Index, Integer, Table, Text

from data_access.tables.columns import code, flag, metadata, moment, text, written
from data_access.types import number

district = Table(
    "district",
    metadata,
    code("code", key=True),
    text("name"),
    text("name_en"),
    Column("sort_no", Integer, nullable=False, server_default="0"),
    Column("residents_10k", number()),
    Column("area_km2", number()),
    Column("lng", Float),
    Column("lat", Float),
    flag("is_active", 1),
    *written(),
)

squadron = Table(
    "squadron",
    metadata,
    code("code", key=True),
    code("district_code"),
    text("name"),
    text("name_en"),
    code("kind"),
    *written(),
)

station = Table(
    "station",
    metadata,
    code("code", key=True),
    code("district_code"),
    code("squadron_code"),
    text("name"),
    text("short_name"),
    text("name_en"),
    code("region_type"),  # urban | fringe | rural
    code("fusion_mode"),  # basic | deep | full
    Column("sort_no", Integer, nullable=False, server_default="0"),
    Column("residents_10k", number()),
    Column("area_km2", number()),
    Column("officers", Integer),
    Column("lng", Float),
    Column("lat", Float),
    flag("is_active", 1),
    *written(),
    Index("ix_station_district", "district_code"),
)

duty_grid = Table(
    "duty_grid",
    metadata,
    code("code", key=True),
    code("station_code"),
    text("name"),
    *written(),
)

boundary = Table(
    "boundary",
    metadata,
    code("code", key=True),
    code("subject_kind"),  # city | district | station | duty_grid | background
    code("subject_code"),
    text("name"),
    Column("geojson", Text, nullable=False),
    flag("is_sketch", 0),
    text("origin"),
    *written(),
    Index("ix_boundary_subject", "subject_kind", "subject_code"),
)

task_target = Table(
    "task_target",
    metadata,
    code("station_code", key=True),
    code("task_code", key=True),
    Column("valid_from", Date, primary_key=True),
    Column("valid_to", Date),
    Column("blue", number(), nullable=False),
    Column("yellow", number(), nullable=False),
    text("reason", 400),
    text("set_by"),
    *written(),
)

hotspot = Table(
    "hotspot",
    metadata,
    code("hotspot_id", key=True),
    code("station_code"),
    code("kind"),  # district | section | junction (商圈 路段 路口)
    text("name"),
    Column("lng", Float),
    Column("lat", Float),
    Column("radius_m", number()),
    code("status"),  # open | treated | closed | withdrawn (立项 在治 销号 撤销)
    moment("opened_at"),
    moment("closed_at"),
    text("leader_name"),
    *written(),
    code("origin"),  # rule | local | manual
    code("class_code"),
    Column("window_days", Integer),
    Column("window_count", Integer),
    moment("treated_at"),
    text("ended_reason", 400),
    Index("ix_hotspot_station", "station_code", "status"),
)

hotspot_plan = Table(
    "hotspot_plan",
    metadata,
    code("hotspot_id", key=True),
    Column("plan", Text),
    text("leader_name"),
    moment("planned_at"),
    moment("due_at"),
    *written(),
)

hotspot_measure = Table(
    "hotspot_measure",
    metadata,
    code("measure_id", key=True),
    code("hotspot_id", null=False),
    moment("at", null=False),
    text("measure", 1000),
    text("author"),
    *written(),
    Index("ix_hotspot_measure", "hotspot_id", "at"),
)
