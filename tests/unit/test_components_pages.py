"""The trees below the board: complete, in both languages, safe, and carrying the instant along."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from urllib.parse import parse_qs, urlsplit

import pytest

from components import cell_page, feeds_page, notice, page, station_page, task_page
from components.graph import graph_config
from components.hiccup import h, many, size_of, text_of
from components.look import Look
from components.shell import shell
from domain.board import Board
from domain.errors import BoardError, DataUnavailable, NotFound
from i18n import ONE_SPACE, translator
from tests.support import views

LANGS = ("zh", "en")
PAGES = {
    "station": lambda look: station_page.tree(views.station_view(), look),
    "cell": lambda look: cell_page.tree(views.cell_view(), look),
    "change": lambda look: cell_page.tree(views.cell_view("T1-06"), look),
    "task": lambda look: task_page.tree(views.task_view(), look),
    "theme": lambda look: task_page.theme_tree(views.theme_view(), look),
    "feeds": lambda look: feeds_page.tree(views.board(), look),
}


def look(lang: str = "zh", past: str = "") -> Look:
    return Look(translator(lang, strict=True), views.CATALOGUE, past)


def nodes(tree):
    if isinstance(tree, list):
        yield tree
        yield from chain.from_iterable(nodes(child) for child in tree[1:])


def attributes(tree, name):
    return [node[1][name] for node in nodes(tree) if len(node) > 1 and isinstance(node[1], dict) and name in node[1]]


def shown(tree) -> str:
    return text_of(tree).replace(ONE_SPACE, " ")


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_said_without_gaps(name, lang):
    text = shown(PAGES[name](look(lang)))
    assert len(text) > 200
    assert "None" not in text
    assert "{" not in text


@pytest.mark.parametrize("name", PAGES)
def test_every_link_stays_inside_and_carries_the_instant(name):
    past = "2026-11-20T10:00"
    links = attributes(PAGES[name](look(past=past)), "href")
    inside = [link for link in links if not link.startswith("#") and link != "?"]
    assert inside
    assert all(link.startswith("/") and not link.startswith("//") for link in inside)
    assert {parse_qs(urlsplit(link).query)["as_of"][0] for link in inside} == {past}
    assert "?" in links, "the way back to now"


@pytest.mark.parametrize("name", PAGES)
def test_the_way_up_is_on_every_page(name):
    tree = PAGES[name](look())
    crumbs = next(node for node in nodes(tree) if node[0] == "nav.crumbs")
    levels = [node for node in nodes(crumbs) if node[0] == "li"]
    assert 2 <= len(levels) <= 4
    assert attributes(crumbs, "href")[0] == "/"


def test_colour_never_stands_alone():
    for tree in (make(look()) for make in PAGES.values()):
        for chip in (node for node in nodes(tree) if node[0].startswith("span.chip.")):
            assert any(node[0].startswith("i.mk") for node in nodes(chip))
            assert text_of(chip)


def test_a_station_says_why_and_what_to_do_first():
    view = views.station_view()
    tree = station_page.tree(view, look())
    text = shown(tree)
    assert "得分" in text
    assert "深度融合 15 个所中排第 6 位" in text
    assert text.index("先做哪几项") < text.index("全部任务")
    assert [
        node[1]["id"] for node in nodes(tree) if len(node) > 1 and isinstance(node[1], dict) and "id" in node[1]
    ] == []
    anchors = [node[0] for node in nodes(tree) if node[0].startswith("tbody#")]
    assert anchors == [f"tbody#{theme.code}" for theme in views.CATALOGUE.themes]
    rows = [node for node in nodes(tree) if node[0].startswith("tr.task")]
    assert len(rows) == len(views.CATALOGUE.active)


def test_a_quiet_station_has_designed_empty_places():
    view = replace(views.station_view(), actions=(), items=(), items_total=0, history=(), rank=None, projections={})
    text = shown(station_page.tree(view, look()))
    assert "没有需要补做的任务" in text
    assert "没有在办事项" in text
    assert "还没有历史记录" in text


def test_a_cell_prints_its_periods_and_pages_its_rows():
    text = shown(cell_page.tree(views.cell_view("T1-06", rows=50, total=187, page=2, part="all"), look()))
    assert "统计时段" in text
    assert "去年同期" in text
    assert "共 187 条" in text
    assert "第 2 / 4 页" in text


def test_sorting_turns_round_and_keeps_the_part():
    tree = cell_page.tree(views.cell_view(part="done"), look())
    wanted = [parse_qs(urlsplit(link).query) for link in attributes(tree, "href") if "sort=" in link]
    assert ["assigned_at"] in [query["sort"] for query in wanted]
    heads = [node for node in nodes(tree) if node[0] == "th" and "aria-sort" in node[1]]
    assert [head[1]["aria-sort"] for head in heads].count("descending") == 1
    assert all(query.get("part") == ["done"] for query in wanted if query["sort"] == ["class_code"])


def test_no_rows_say_so():
    assert "暂无数据" in shown(cell_page.tree(views.cell_view(rows=0), look()))


def test_a_page_stays_far_below_what_dash_can_bear():
    frame = page.skeleton("station", translator("zh"), {"code": "1"}, {"as_of": "2026-11-20"})
    assert len(list(frame._traverse_ids())) <= 4
    assert size_of(task_page.theme_tree(views.theme_view(stations=100), look())) < 6000


@pytest.mark.parametrize("lang", LANGS)
def test_the_shell_holds_no_data_and_few_components(lang):
    made = shell(translator(lang, strict=True), "河东分局", views.CATALOGUE.themes)
    assert len(list(made._traverse())) < 80
    assert "990109" not in str(made)


def test_a_skeleton_is_the_same_for_everyone():
    frames = [str(page.skeleton("task", translator("zh"), {"code": "T1-01"})) for _ in range(2)]
    assert frames[0] == frames[1]


def test_what_is_not_there_is_said_in_its_place():
    t = translator("zh", strict=True)

    def make():
        raise NotFound("error.station_unknown", code="<script>")

    tree, echo = page.shown(t, "7", make)
    assert "没有找到" in text_of(tree)
    assert echo == {"v": "7"}


def test_an_answer_that_fails_is_left_to_the_global_handler():
    def make():
        raise DataUnavailable("error.database")

    with pytest.raises(DataUnavailable):
        page.shown(translator("zh"), "7", make)


def test_errors_are_sentences():
    t = translator("zh", strict=True)
    assert "最后一次成功" in text_of(notice.problem(DataUnavailable("error.database"), t))
    assert notice.sentence(ValueError("secret path"), t) == t("error.unexpected")
    assert notice.sentence(BoardError("no.such"), t) == t("error.unexpected")
    assert "×" in text_of(notice.tree(NotFound("error.theme_unknown", code="T9"), t))


def test_an_error_page_escapes_what_it_is_given():
    made = notice.error_page(404, "<b>x</b>", translator("zh"), lang="zh-CN", theme="dark")
    assert "&lt;b&gt;" in made
    assert 'data-bs-theme="dark"' in made
    assert "<script" not in made


def test_charts_reach_nowhere():
    config = graph_config(translator("zh"))
    assert (config["showSendToCloud"], config["plotlyServerURL"], config["locale"]) == (False, "", "zh-CN")
    assert config["topojsonURL"].startswith("/assets/")
    words = config["locales"]["zh-CN"]
    assert words["dictionary"]["Zoom in"] == "放大"
    assert words["format"]["shortMonths"][11] == "12月"
    assert len(words["format"]["days"]) == 7
    assert graph_config(translator("en"), responsive=False)["responsive"] is False


def test_trees_leave_out_what_is_not_there():
    assert h("p", None, many([None, "x"]), title=None, open=False) == ["p", "x"]
    assert h("a.x", "y", href="/", aria_label="z", class_="w") == [
        "a.x",
        {"href": "/", "aria-label": "z", "class": "w"},
        "y",
    ]


def test_a_board_without_stations_has_pages_without_rows():
    empty = Board(views.NOW, None, "1", False, (), ())
    assert text_of(task_page.tree(replace(views.task_view(), board=empty, lines=()), look())).count("没有可以查看") == 1
    assert "没有任务需要数据来源" in text_of(feeds_page.tree(empty, look()))
