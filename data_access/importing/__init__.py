"""Importing files of other systems: `run_import`. The rules are in `docs/importing.md`.

opening   paths and archives -> single files        text, workbook, geojson   one file -> rows of text
plan      profile + header -> what to read          convert, places, units    rows -> typed columns
merge     rows of one key -> one row                store, pending            columns -> the database
run       one file, one transaction                 rejects, feeds            what remains beside it
"""

from data_access.importing.plan import check_profile
from data_access.importing.report import FileReport, ImportReport, Problem
from data_access.importing.run import run_import

__all__ = ["FileReport", "ImportReport", "Problem", "check_profile", "run_import"]
