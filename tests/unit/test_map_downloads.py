"""What a file of incidents says it is about."""

import pytest
from flask import Flask

from domain.incident_views import RowsView
from tests.support import map_views as mv
from web.map_downloads import _told


@pytest.mark.parametrize(("of", "second"), [("", False), ("base", True)])
def test_a_file_of_the_second_periods_rows_names_that_period(of: str, second: bool) -> None:
    asked = mv.asked(base="prev")
    view = RowsView(mv.board(), asked, (), (), 0, 1, 50)
    with Flask("test").test_request_context(f"/download/incidents.csv?of={of}"):
        told = _told(view).asked
    assert told.span == (asked.base if second else asked.span)
    assert told.base == (None if second else asked.base)
