"""Forms of trees in a real browser: they become addresses, keep focus and what was typed, and run nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from components.hiccup import h
from components.look import Look
from components.map_bar import filter_bar
from domain.asked import asked as read
from domain.heat import Asked
from domain.incident_filter import Circle, Filter
from i18n import translator
from tests.support import map_views as mv
from tests.support import views
from tests.support.drawing import drawn

LOOK = Look(translator("zh", strict=True), views.CATALOGUE)
FULL = Filter(
    classes=("accident",), found="citizen", valid="all", tags=("e_bike",), stations=(views.unit(1, 6).code,),
    grids=("G1",), hours=(7, 8, 22), weekdays=(0,), day_kinds=("workday",), near=Circle(120.0, 30.0, 100.0),
)  # fmt: skip
Draw = Callable[..., Page]


@pytest.fixture
def draw(browser: Browser) -> Iterator[Draw]:
    """`draw(tree)` gives a page; errors of its scripts fail the test."""
    pages: list[Page] = []
    wrong: list[str] = []

    def made(tree: object, path: str = "/map") -> Page:
        page = drawn(browser, tree, path, viewport={"width": 1400, "height": 900})
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
        pages.append(page)
        return page

    yield made
    for page in pages:
        page.context.close()
    assert wrong == []


def bar(question: Asked) -> object:
    return filter_bar(mv.heat_view(5, 5, wanted=question), LOOK)


def redraw(page: Page, tree: object) -> None:
    page.evaluate(f"draw({json.dumps(tree)})")


def went(page: Page, times: int = 1) -> dict[str, str]:
    """The query of the last address, after so many were followed."""
    page.wait_for_function(f"went.length >= {times}")
    assert page.evaluate("went.length") == times
    return dict(parse_qsl(urlsplit(page.evaluate("went[went.length - 1]")).query))


def form_query(page: Page) -> dict[str, str]:
    return dict(parse_qsl(page.evaluate("dcb.formQuery(document.querySelector('form'))")))


@pytest.mark.parametrize("question", [mv.asked(), mv.asked("november", "prev", chosen=FULL, ring=(120.5, 30.25))])
def test_a_form_that_nobody_touched_asks_the_same_question(draw: Draw, question: Asked) -> None:
    assert read(form_query(draw(bar(question))), mv.NOW) == question


def test_a_tick_is_followed_at_once_and_joined_to_the_others(draw: Draw) -> None:
    page = draw(bar(mv.asked(chosen=Filter(classes=("accident",)))))
    page.click("summary")
    page.check("input[name=class][value=other]")
    assert went(page)["class"] == "accident,other"


def test_a_changed_day_means_free_days_and_a_preset_means_none(draw: Draw) -> None:
    page = draw(bar(mv.asked()))
    page.fill("input[name=from]", "2026-10-01")
    asked = went(page)
    assert (asked.get("preset"), asked["from"], asked["to"]) == (None, "2026-10-01", "2026-11-20")
    page.select_option("select[name=preset]", "november")
    asked = went(page, 2)
    assert (asked["preset"], asked.get("from")) == ("november", None)


def test_a_free_base_sends_its_days(draw: Draw) -> None:
    page = draw(bar(mv.asked()))
    page.select_option("select[name=base]", "free")
    assert read(went(page), mv.NOW).base == read(
        {"base": "free", "base_from": "2025-10-22", "base_to": "2025-11-20"}, mv.NOW
    ).base  # fmt: skip


def test_a_day_that_cannot_be_is_not_asked(draw: Draw) -> None:
    page = draw(bar(mv.asked()))
    page.fill("input[name=from]", "0002-10-01")
    page.check("input[name=side][value=both]", force=True)
    page.fill("input[name=from]", "2026-10-01")
    assert went(page)["from"] == "2026-10-01"


def test_typing_rests_before_it_is_followed_and_enter_does_not_wait(draw: Draw) -> None:
    page = draw(bar(mv.asked()))
    page.click("summary")
    # All in one go, so that a busy machine cannot put a rest between two keys.
    before, after = page.evaluate("""() => {
        const field = document.querySelector("input[name=grid]");
        for (const text of ["G", "G1"]) {
            field.value = text;
            field.dispatchEvent(new Event("input", {bubbles: true}));
        }
        const before = went.length;
        field.form.requestSubmit();
        return [before, went.length];
    }""")
    assert (before, after) == (0, 1)
    page.wait_for_timeout(600)
    assert went(page)["grid"] == "G1"


def test_the_keyboard_alone_changes_the_layer(draw: Draw) -> None:
    page = draw(bar(mv.asked()))
    page.focus("input[name=layer]:checked")
    page.keyboard.press("ArrowRight")
    assert went(page)["layer"] == "area"


def test_an_answer_keeps_focus_and_sets_what_it_says(draw: Draw) -> None:
    page = draw(bar(mv.asked()))
    page.click("summary")
    page.check("input[name=class][value=order]")
    redraw(page, bar(mv.asked(chosen=Filter(classes=("order",)))))
    assert page.evaluate("document.activeElement.value") == "order"
    expect(page.locator("details")).to_have_attribute("open", "")
    redraw(page, bar(mv.asked("7d", chosen=Filter(hours=(3,)))))
    assert page.is_checked("input[name=hours][value='3']")
    assert not page.is_checked("input[name=class][value=order]")
    assert page.input_value("select[name=preset]") == "7d"


def test_an_answer_that_says_the_same_leaves_what_is_being_typed(draw: Draw) -> None:
    page = draw(
        h("form", h("textarea", name="note", value="old", rows=2), h("input", name="n", type="number", value="1"))
    )
    assert page.input_value("textarea") == "old"
    page.fill("textarea", "half a sen")
    redraw(
        page, h("form", h("textarea", name="note", value="old", rows=2), h("input", name="n", type="number", value="2"))
    )
    assert (page.input_value("textarea"), page.input_value("input")) == ("half a sen", "2")


def test_parameters_of_the_address_that_belong_to_the_map_go_along(draw: Draw) -> None:
    page = draw(bar(mv.asked()), "/map?view=120,30,12&preset=7d")
    assert form_query(page)["view"] == "120,30,12"
    assert form_query(page)["preset"] == "30d"


def test_only_harmless_fields_and_addresses_pass(draw: Draw) -> None:
    hostile = h(
        "div",
        h("form", h("input", type="image", name="x", onfocus="went.push(1)", formaction="//e.test", autofocus=True),
          h("input", type="password", name="p"), h("button", "go", type="submit", onclick="went.push(2)"),
          data_go="//elsewhere.test/", action="javascript:went.push(3)", onsubmit="went.push(4)"),
        h("button", "x", type="menu"),
    )  # fmt: skip
    page = draw(hostile)
    page.click("form button")
    assert page.evaluate("went") == []
    assert page.evaluate("Array.from(document.querySelectorAll('input')).map(i => i.type)") == ["text", "text"]
    assert page.evaluate("document.querySelector('form').hasAttribute('action')") is False
    assert page.evaluate("document.querySelector('div > button').type") == "button"
    names = page.evaluate("Array.from(document.querySelector('input').attributes).map(a => a.name).sort()")
    assert names == ["name", "type", "value"]
