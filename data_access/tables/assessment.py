"""The locked months of the assessment, what stands beside the score, and what stations say to it."""

from __future__ import annotations

from sqlalchemy import Column, Float, Index, Integer, Table, Text

from data_access.tables.columns import code, metadata, moment, text
from data_access.types import number

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
    Column("rules", Text),
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
    code("kind"),  # indicator | part | source | block | total | guard
    Column("base_denominator", Float),
    Column("row_count", Integer),
    Column("base_row_count", Integer),
    Column("x", Float),
    Column("got", Float),
    Column("sample", Float),
    Column("share", Float),
    Column("full_weight", Float),
    text("notes", 1000),
    Column("bonus", Float),
    Column("deduction", Float),
    code("mode"),
    code("district_code"),
    Column("residents_10k", Float),
    code("colour"),
    Column("place", Integer),
    Column("place_of", Integer),
    Index("ix_assessment_score_subject", "indicator", "period", "version"),
)

assessment_lock_line = Table(
    "assessment_lock_line",
    metadata,
    code("period", key=True),
    Column("version", Integer, primary_key=True),
    code("adjustment_id", key=True),
    code("station_code"),
    Column("points", number(), nullable=False),
    text("matter", 400),
    text("document", 400),
    text("author"),
    moment("written_at", null=False),
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
    moment("withdrawn_at"),
    text("withdrawn_by"),
    text("withdrawn_reason", 400),
    Index("ix_adjustment_period", "period", "station_code"),
)

assessment_appeal = Table(
    "assessment_appeal",
    metadata,
    code("appeal_id", key=True),
    code("period", null=False),
    Column("version", Integer),
    code("station_code", null=False),
    code("indicator"),
    text("body", 2000),
    text("author"),
    moment("written_at", null=False),
    text("reply", 2000),
    text("replied_by"),
    moment("replied_at"),
    Index("ix_assessment_appeal", "period", "station_code"),
)
