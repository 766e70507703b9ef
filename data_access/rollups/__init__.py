"""The rollups: `measure_day`, `incident_hour`, `incident_cell_day`, and the packs (docs/rollups.md).

    spans      which days a source row may say something about, and what the last look saw of it
    todo       the days that wait to be computed, kept in the database so that nothing is forgotten
    marks      how far each source was looked at, by which definitions
    measures   measure_day of some tasks and days, out of the rows
    levels     the states at each day's last second, out of intervals
    incidents  incident_hour, incident_cell_day and incident_pack

`dispatch_pack` is made by `data_access.packs.order_build`. Only `data_access.refresh` uses them.
"""
