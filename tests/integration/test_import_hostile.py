"""Input that means harm or has come to harm: a clear error, never a crash, never a silent loss."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlalchemy import Engine

from data_access.tables import dispatch_order, incident
from tests.factories import make_station
from tests.support.importing import (
    INCIDENT,
    NOW,
    checked,
    content,
    csv_text,
    importing,
    one,
    rejected,
    row_110,
    small,
    write_csv,
)

HEADER = ",".join(INCIDENT)


@pytest.fixture(autouse=True)
def organisation(engine: Engine) -> None:
    """One station."""
    make_station(engine, "S1")


def line(number: int, **given: str) -> str:
    """One data line."""
    return csv_text([row_110(number, **given)]).splitlines()[1]


def text_file(tmp_path: Path, *lines: str) -> Path:
    """A file of these lines below the header."""
    path = tmp_path / "a.csv"
    path.write_bytes("\n".join([HEADER, *lines]).encode())
    return path


def problem(engine: Engine, path: Path, **options: object) -> str:
    """Why nothing of a file was imported; nothing is in the tables."""
    report = importing(engine, path, **options)  # type: ignore[arg-type]
    (file,) = report.files
    assert file.problem is not None
    assert str(path) in str(file.problem.params["file"])
    assert (report.exit_status, file.read) == (2, 0)
    assert content(engine, incident) == []
    return file.problem.key


def test_a_file_in_none_of_the_encodings_is_refused(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(HEADER.encode() + b"\n" + bytes(range(128, 256)) * 20)
    assert problem(engine, path) == "error.import_encoding"


def test_damaged_bytes_reject_their_rows_only(engine: Engine, tmp_path: Path) -> None:
    rows = [line(number, AFDZ="萧山区示范路口") for number in range(30)]
    data = "\n".join([HEADER, *rows]).encode()
    at = data.index("萧山".encode(), len(data) // 2)
    path = tmp_path / "a.csv"
    path.write_bytes(data[:at] + b"\xff" + data[at + 1 :])
    report = one(engine, path)
    assert (report.loaded, report.reasons) == (29, {"encoding_bad": 1})
    assert rejected(report)[0]["_column"] == "AFDZ"
    assert {row["address"] for row in content(engine, incident)} == {"萧山区示范路口"}


def test_nul_bytes_reject_their_rows_only(engine: Engine, tmp_path: Path) -> None:
    report = one(engine, text_file(tmp_path, line(1), line(2, BJNR="a\0b"), line(3)))
    assert (report.loaded, report.reasons) == (2, {"control_character": 1})
    assert rejected(report)[0]["BJNR"] == "a\0b"


def test_a_quote_that_is_never_closed_costs_one_line(engine: Engine, tmp_path: Path) -> None:
    broken = line(2).replace("两车相撞", '"两车相撞')
    lines = [line(1), broken, *(line(number) for number in range(3, 50)), line(50, BJNR='"说"')]
    report = one(engine, text_file(tmp_path, *lines), limits=small(block=2_000))
    assert (report.read, report.loaded, report.reasons) == (50, 49, {"quote_open": 1})
    assert rejected(report)[0]["_line"] == "3"
    assert len(content(engine, incident)) == 49


def test_a_file_cut_off_inside_a_quoted_field_loads_what_is_whole(engine: Engine, tmp_path: Path) -> None:
    whole = csv_text([row_110(number, BJNR="甲,乙") for number in range(10)]).replace("\r\n", "\n")
    path = tmp_path / "a.csv"
    path.write_text(whole[: whole.rindex("乙")], encoding="utf-8")
    report = one(engine, path)
    assert (report.read, report.loaded, report.reasons) == (10, 9, {"quote_open": 1})


def test_a_file_cut_off_inside_a_row_rejects_that_row(engine: Engine, tmp_path: Path) -> None:
    path = text_file(tmp_path, line(1), line(2)[:40])
    report = one(engine, path)
    assert (report.loaded, report.reasons) == (1, {"field_count": 1})


def test_text_after_a_closing_quote_is_rejected(engine: Engine, tmp_path: Path) -> None:
    report = one(engine, text_file(tmp_path, line(1), line(2).replace("两车相撞", '"两车"相撞'), line(3)))
    assert (report.loaded, report.reasons) == (2, {"quote_bad": 1})


def test_a_line_of_ten_megabytes_is_rejected_and_named(engine: Engine, tmp_path: Path) -> None:
    path = text_file(tmp_path, line(1), line(2, BJNR="长" * 3_500_000), line(3))
    assert path.stat().st_size > 10_000_000
    report = one(engine, path)
    assert (report.loaded, report.reasons) == (2, {"text_long": 1})
    (row,) = rejected_big(report.reject_file)
    assert "BJNR" in row


def rejected_big(path: Path | None) -> list[str]:
    """Lines of a reject file below its header, too long for Python's csv."""
    assert path is not None
    return path.read_text(encoding="utf-8-sig").splitlines()[1:]


def test_a_line_without_end_is_refused(engine: Engine, tmp_path: Path) -> None:
    path = text_file(tmp_path, line(1), "x" * 500_000)
    assert problem(engine, path, limits=small(line=100_000, block=50_000)) == "error.import_line"


def test_a_million_columns(engine: Engine, tmp_path: Path) -> None:
    header = tmp_path / "header.csv"
    header.write_text(
        HEADER + "," + ",".join(f"c{number}" for number in range(1_000_000)) + "\n" + line(1), encoding="utf-8"
    )
    began = time.monotonic()
    assert problem(engine, header) == "error.import_columns"
    report = one(engine, text_file(tmp_path, line(1), "," * 1_000_000 + "x", line(2)))
    assert (report.loaded, report.reasons) == (2, {"field_count": 1})
    assert time.monotonic() - began < 30


def test_more_columns_than_a_table_can_have_are_refused(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(HEADER + "," + ",".join(f"c{number}" for number in range(3_000)) + "\n" + line(1), encoding="utf-8")
    assert problem(engine, path) == "error.import_columns"


def test_formula_cells_are_text(engine: Engine, tmp_path: Path) -> None:
    formula = "=cmd|' /C calc'!A0"
    assert one(engine, text_file(tmp_path, line(1, BJNR=formula, AFDZ="@SUM(1)"))).loaded == 1
    found = content(engine, incident)[0]
    assert (found["content"], found["address"]) == (formula, "@SUM(1)")


def test_formulas_of_a_workbook_do_not_run(engine: Engine, tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(list(INCIDENT))
    book.active.append(list(row_110(1, BJNR='=HYPERLINK("http://example.org")').values()))
    book.save(tmp_path / "a.xlsx")
    assert one(engine, tmp_path / "a.xlsx").loaded == 1
    assert content(engine, incident)[0]["content"] is None


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"JQFSSJ": "2099-01-01 00:00:00"}, "time_future"),
        ({"JASJ": str(NOW + timedelta(days=2))}, "time_future"),
        ({"JQFSSJ": "1900-01-01 00:00:00"}, "time_early"),
        ({"JQFSSJ": "2024-02-30 00:00:00"}, "time_unparsable"),
        ({"QSSJ": "soon"}, "time_unparsable"),
        ({"SWRS": "-1"}, "number_negative"),
        ({"SWRS": "1.5"}, "number_bad"),
        ({"SSRS": "99999999999"}, "number_big"),
        ({"XZB": "30.18", "YZB": "120.25"}, "place_exchanged"),
        ({"AFDZ": "路" * 401}, "text_long"),
        ({"JJDBH": "J" * 65}, "text_long"),
        ({"JJDBH": " "}, "key_missing"),
        ({"JQFSSJ": "", "JJSJ": "", "PJSJ": ""}, "value_missing"),
    ],
)
def test_wrong_values_reject_the_row(engine: Engine, tmp_path: Path, given: dict[str, str], reason: str) -> None:
    report = one(engine, text_file(tmp_path, line(1, **given), line(2)))
    assert (report.loaded, report.reasons) == (1, {reason: 1})
    assert [row["incident_id"] for row in content(engine, incident)] == ["J000002"]
    assert [row["order_id"] for row in content(engine, dispatch_order)] == ["P000002"]
    assert rejected(report)[0]["_column"] in {*given, "JQFSSJ"}


def test_thousands_separators_are_understood(engine: Engine, tmp_path: Path) -> None:
    assert one(engine, text_file(tmp_path, line(1, SSRS="1,234"))).loaded == 1
    assert content(engine, incident)[0]["injuries"] == 1234


def test_wrong_numbers_of_fields(engine: Engine, tmp_path: Path) -> None:
    lines = [line(1), line(2) + ",more,and more", line(3) + ",,,", line(4).rsplit(",", 3)[0], "", ",,,", line(5)]
    report = one(engine, text_file(tmp_path, *lines))
    assert (report.read, report.loaded, report.reasons) == (5, 3, {"field_count": 2})
    more, less = rejected(report)
    assert more["_surplus"] == "more\tand more"
    assert (less["_line"], less["SSRS"]) == ("5", "")


def test_a_record_shifted_by_a_column_is_rejected(engine: Engine, tmp_path: Path) -> None:
    shifted = ",".join([*line(2).split(",")[1:], "x"])
    report = one(engine, text_file(tmp_path, line(1), shifted, line(3)))
    assert (report.loaded, report.rejected) == (2, 1)


def test_a_used_header_that_stands_twice_is_refused(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"{HEADER},SSRS\n{line(1)},5\n", encoding="utf-8")
    assert problem(engine, path) == "error.import_twice"
    path.write_text(f"{HEADER},note,note\n{line(1)},5,6\n", encoding="utf-8")
    report = one(engine, path)
    assert (report.loaded, report.unused) == (1, ("note",))


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"", "error.import_empty"),
        (b" \n\n", "error.import_empty"),
        (b"JJDBH\n", "error.import_header"),
        (b"%PDF-1.7 " + b"x" * 600, "error.import_kind"),
        (b"\x1f\x8b" + b"\x00" * 600, "error.import_damaged"),
        (b"PK\x03\x04" + b"\x00" * 600, "error.import_damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "error.import_workbook"),
    ],
)
def test_files_of_another_kind_are_refused(engine: Engine, tmp_path: Path, data: bytes, key: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(data)
    assert problem(engine, path) == key


def test_a_header_without_rows_is_an_import_of_nothing(engine: Engine, tmp_path: Path) -> None:
    report = one(engine, text_file(tmp_path))
    assert (report.read, report.problem) == (0, None)


def test_a_folder_and_a_missing_file_are_named(engine: Engine, tmp_path: Path) -> None:
    assert problem(engine, tmp_path) == "error.import_folder"
    assert problem(engine, tmp_path / "nothing.csv") == "error.import_missing"


def test_a_database_that_refuses_is_told(engine: Engine, tmp_path: Path) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE dispatch_order RENAME TO dispatch_gone")
    try:
        assert problem(engine, write_csv(tmp_path / "a.csv", [row_110()])) in (
            "error.import_database",
            "error.import_unexpected",
        )
    finally:
        with engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE dispatch_gone RENAME TO dispatch_order")


def test_everything_at_once_is_still_accounted_for(engine: Engine, tmp_path: Path) -> None:
    lines = [
        line(1), "", line(2, BJNR="a\0b"), '"', line(3), line(4) + ",x", ",".join(["x"] * len(INCIDENT)),
        line(5, SWRS="-1"), line(6).replace("两车相撞", '"两车\n相撞"'), line(1), '"' + line(7),
    ]  # fmt: skip
    report = importing(engine, text_file(tmp_path, *lines), limits=small(chunk=2, block=300))
    checked(report)
    (file,) = report.files
    assert (file.read, file.loaded, file.unchanged, file.rejected) == (10, 3, 1, 6)
