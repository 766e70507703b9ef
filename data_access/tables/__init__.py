"""The shared database: every table that other systems write and the board reads.

The public description, column by column, is `docs/data-contract.md`; a test holds the two together.
Portability (DOMAIN 7): identifiers are made by the application, booleans are small integers, no
arrays, no JSON operators, no partial or expression indexes, no reserved words, names of at most
30 characters. Unique keys of the big tables contain the column they would be distributed by.
"""

from __future__ import annotations

from data_access.tables.alerts import alert, duty_roster
from data_access.tables.assessment import (
    assessment_adjustment,
    assessment_appeal,
    assessment_lock_line,
    assessment_month,
    assessment_score,
)
from data_access.tables.columns import metadata
from data_access.tables.organisation import (
    boundary,
    district,
    duty_grid,
    hotspot,
    hotspot_measure,
    hotspot_plan,
    squadron,
    station,
    task_target,
)
from data_access.tables.rollups import (
    board_day,
    dispatch_pack,
    incident_cell_day,
    incident_hour,
    incident_pack,
    measure_day,
    measure_month,
    refresh_mark,
    risk_month,
    rollup_span,
    rollup_todo,
)
from data_access.tables.sources import (
    SOURCES,
    dispatch_order,
    incident,
    incident_party,
    risk_code,
    sample,
    work_order,
    work_record,
)
from data_access.tables.system import (
    account,
    account_session,
    audit_entry,
    data_version,
    display_token,
    feed,
    import_file,
    worker_lock,
)

__all__ = [
    "SOURCES",
    "account",
    "account_session",
    "alert",
    "assessment_adjustment",
    "assessment_appeal",
    "assessment_lock_line",
    "assessment_month",
    "assessment_score",
    "audit_entry",
    "board_day",
    "boundary",
    "data_version",
    "dispatch_order",
    "dispatch_pack",
    "display_token",
    "district",
    "duty_grid",
    "duty_roster",
    "feed",
    "hotspot",
    "hotspot_measure",
    "hotspot_plan",
    "import_file",
    "incident",
    "incident_cell_day",
    "incident_hour",
    "incident_pack",
    "incident_party",
    "measure_day",
    "measure_month",
    "metadata",
    "refresh_mark",
    "risk_code",
    "risk_month",
    "rollup_span",
    "rollup_todo",
    "sample",
    "squadron",
    "station",
    "task_target",
    "work_order",
    "work_record",
    "worker_lock",
]
