/* The board: stations by fusion mode, each with its sign at the height that can be read across the room,
   its eight themes smaller, score, red tasks and thirty days where there is room. The order never changes:
   a station is found where it was yesterday. All stations stand on one page whenever they fit. */
(function () {
  "use strict";
  var wall = window.wall, p = wall.parts;
  var GAP = 12, GROUP = 28, SUMMARY = 48, DAYS_LEAST = 150, SCORE = 74, REDS = 64;
  var LARGER = [2, 1.7, 1.45, 1.25, 1.1, 1];

  /* groups in the order of the modes; a station of no known mode comes last */
  function groups(data) {
    var names = data.modes || {}, found = new Map();
    Object.keys(names).forEach(function (mode) { found.set(mode, []); });
    p.list(data.rows).forEach(function (row) {
      var mode = row.mode || "";
      if (!found.has(mode)) found.set(mode, []);
      found.get(mode).push(row);
    });
    return Array.from(found).filter(function (pair) { return pair[1].length; }).map(function (pair) {
      return { mode: pair[0], name: names[pair[0]] || "", rows: pair[1] };
    });
  }
  /* which red hard task holds a station or one of its themes at yellow */
  function heldSaid(row) { return row.by ? wall.say("p_held_by", { names: row.by }) : ""; }
  function themes(data) { return p.list(data.themes); }

  /* how wide the parts of a row are, for a sign of this height */
  function measures(data, stage, status, kind) {
    var names = p.list(data.rows).map(function (row) { return row.name || ""; });
    var words = ["b", "y", "r", "g"].map(function (code) { return p.letter(stage, code).word; });
    var short = words.every(function (said) { return said.length < 2; }), full = kind !== "brief";
    var m = { full: full, score: kind === "full" ? SCORE : 0, sign: status, name: Math.round(Math.max(20, Math.min(full ? 40 : 30, status * (full ? 0.5 : 0.44)))) };
    m.word = Math.round(full ? (short ? status * 1.02 : Math.max(18, status * 0.42)) : Math.max(17, status * 0.32));
    m.wordW = Math.ceil(p.widest(words, m.word, 600)) + (full ? 14 : 10);
    m.nameW = Math.ceil(p.widest(names, m.name, 600) * 1.02) + 8;
    var heads = themes(data).map(function (theme) { return theme.s || ""; });
    m.folded = heads.every(function (said) { return /[\u3400-\u9fff]/.test(said); });
    m.headW = Math.ceil(p.widest(heads, 17, 400)) + 8;
    m.cell = full ? (m.folded ? 37 : 30) : Math.max(11, Math.round(status * 0.2));
    m.n = heads.length;
    var nameLeast = Math.min(m.nameW, m.name * 5);
    m.fixed = full ? 30 + status + m.wordW + m.n * m.cell + m.score : 26 + status;
    m.least = full ? m.fixed + nameLeast : m.fixed + Math.max(nameLeast, m.wordW + m.n * m.cell);
    return m;
  }

  /* rows of up to `columns` stations, group after group; the pages are lists of {y, group} and {y, row, x} */
  function flow(data, m, columns, high, room) {
    var pages = [[]], y = 0;
    groups(data).forEach(function (group) {
      for (var at = 0; at < group.rows.length; at += columns) {
        var head = at === 0 || y === 0 ? (group.name ? GROUP : 0) : 0;
        if (y && y + head + high > room) { pages.push([]); y = 0; head = group.name ? GROUP : 0; }
        var page = pages[pages.length - 1];
        if (head) page.push({ key: "group:" + group.mode, group: group, y: y });
        y += head;
        group.rows.slice(at, at + columns).forEach(function (row, x) { page.push({ key: row.c || row.name, row: row, x: x, y: y }); });
        y += high;
      }
    });
    return pages;
  }
  function headHeight(m) { return !m.full ? 0 : m.folded ? 46 : m.cell >= m.headW ? 30 : Math.min(120, m.headW + 8); }
  function tried(data, stage, box, kind, larger) {
    var m = measures(data, stage, Math.round(stage.status * larger), kind), high = Math.max(40, m.sign + 3);
    if (!m.full) high = Math.max(high, m.name + m.word + 14);
    var most = Math.max(1, Math.floor((box.w + GAP) / (m.least + GAP))), plan = null;
    for (var columns = 1; columns <= most; columns++) {
      plan = { m: m, columns: columns, high: high, room: box.h - headHeight(m) };
      plan.pages = flow(data, m, columns, high, plan.room);
      if (plan.pages.length === 1) break;
    }
    plan.fits = m.least <= box.w && plan.pages.length === 1;
    return plan;
  }
  /* the largest signs with every station in view; else as few pages as can be at the promised height */
  function chosen(data, stage, box) {
    var kinds = ["full", "lean", "brief"], plans;
    for (var k = 0; k < 3; k++) {
      for (var f = 0; f < LARGER.length; f++) {
        var plan = tried(data, stage, box, kinds[k], LARGER[f]);
        if (plan.fits) return spread(data, plan, box);
      }
    }
    plans = kinds.map(function (kind) { return tried(data, stage, box, kind, 1); });
    return spread(data, plans[0].m.least <= box.w && plans[0].pages.length <= plans[2].pages.length ? plans[0] : plans[2], box);
  }
  /* rows a little higher, as long as no page is added; what is left of the width goes to themes and days */
  function spread(data, plan, box) {
    var pages = plan.pages.length, most = Math.round(plan.high * 1.5), m = plan.m;
    for (var high = plan.high + 2; high <= most; high += 2) {
      var longer = flow(data, m, plan.columns, high, plan.room);
      if (longer.length > pages) break;
      plan.high = high;
      plan.pages = longer;
    }
    plan.width = Math.floor((box.w - GAP * (plan.columns - 1)) / plan.columns);
    if (!m.full) {
      var beside = Math.floor((plan.width - m.fixed - m.nameW - 8) / Math.max(1, m.n));
      m.beside = beside >= 18;
      if (m.beside) m.cell = Math.min(44, beside);
      return plan;
    }
    var spare = plan.width - m.fixed - m.nameW;
    if (spare > REDS) { m.reds = REDS; spare -= REDS; }
    var by = p.widest(p.list(data.rows).map(heldSaid), 18, 500) * 1.03 + 20;
    if (by > 20 && spare > by) { m.by = Math.ceil(by); spare -= m.by; }
    if (spare > DAYS_LEAST + 20) { m.days = Math.round(Math.min(360, Math.max(DAYS_LEAST, spare * 0.62))); spare -= m.days + 20; }
    m.cell += Math.max(0, Math.min(34, Math.floor(spare / m.n)));
    return plan;
  }

  /* the nodes ------------------------------------------------------------------------------------ */
  function makeItem() { return wall.h("div", "bd-item"); }
  function placed(node, x, y, w, h) { p.css(node, { left: x + "px", top: y + "px", width: w + "px", height: h + "px" }); }
  function drawGroup(node, item, plan, box) {
    p.put(node, { class: "bd-item bd-group", "data-station": null });
    placed(node, 0, item.y, box.w, GROUP);
    p.say(node, "name", "b", "", item.group.name);
    p.say(node, "n", "span", "bd-n", item.group.rows.length);
    p.slot(node, "rule", "i", "bd-rule");
  }
  function drawRow(node, item, plan, context) {
    var row = item.row, m = plan.m, kind = p.colour(row.o), full = m.full;
    p.put(node, { class: "bd-item bd-row " + kind + (full ? " bd-full" : m.beside ? " bd-brief is-beside" : " bd-brief"), "data-station": row.c || null });
    placed(node, item.x * (plan.width + GAP), item.y, plan.width, plan.high - 3);
    var said = p.letter(context.stage, row.o);
    p.put(p.slot(p.slot(node, "sign", "span", "bd-sign"), "i", "i"), { class: p.sign(row.o, row.held) });
    var side = p.slot(node, "side", "span", "bd-side");
    var room = full ? plan.width - m.fixed - (m.reds || 0) - (row.by && m.by || 0) - (m.days ? m.days + 20 : 0) : plan.width - m.fixed - (m.beside ? m.n * m.cell : 0);
    p.fit(p.slot(side, "name", "b", "bd-name"), row.name, room - 2, m.name, 17, 600);
    var cells = Array.from(row.cells || "").slice(0, m.n), why = (context.data.reason || {})[row.o];
    if (!full && why && cells.every(function (code) { return p.colour(code) === "k-g"; })) cells = []; /* room for the reason */
    p.say(side, "word", "em", "bd-word", said.word + (!full && why && !cells.length ? " " + why : ""));
    p.say(node, "by", "span", "bd-by", full && m.by ? heldSaid(row) : "");
    cells = cells.map(function (code, at) { return { o: code, held: String(row.lids || "").charAt(at) === "h" }; });
    wall.keyed(p.slot(node, "cells", "span", "bd-cells"), cells, function (cell, at) { return at; }, makeCell, drawCell);
    p.say(node, "reds", "span", "bd-reds", full && m.reds ? (row.reds > 0 ? row.reds : "–") : "");
    drawScore(node, row, m.score, context);
    var days = p.slot(node, "days", "span", "bd-days");
    days.hidden = !(full && m.days);
    if (m.days) p.strip(days, row.days || "", m.days, Math.round(Math.min(44, plan.high * 0.46)));
  }
  function drawScore(node, row, shown, context) {
    var reason = (context.data.reason || {})[row.o], score = p.known(row.score) ? Number(row.score).toFixed(1) : "";
    var said = p.say(node, "score", "span", "bd-score", shown ? score || reason || "–" : "");
    if (shown) p.fit(said, score || reason || "–", SCORE - 8, score ? 24 : 18, 16, 500);
  }
  function makeCell() { var node = wall.h("span", "bd-cell"); node.appendChild(wall.h("i", "sg")); return node; }
  function drawCell(node, cell) {
    p.put(node, { class: "bd-cell " + p.colour(cell.o) });
    p.put(node.firstChild, { class: p.sign(cell.o, cell.held) });
  }

  /* how many of each colour, always at the top */
  function drawSummary(node, data, stage) {
    var counts = data.counts || {}, bar = p.slot(node, "summary", "div", "bd-summary");
    wall.keyed(bar, ["r", "y", "b", "g"], function (code) { return code; }, function () { return wall.h("span", "bd-count"); }, function (one, code) {
      p.put(one, { class: "bd-count " + p.colour(code) + (counts[code] ? "" : " is-none") });
      p.put(p.slot(one, "sign", "i"), { class: "sg " + p.colour(code) });
      p.say(one, "word", "span", "", p.letter(stage, code).word);
      p.say(one, "n", "b", "", counts[code] || 0);
    });
    drawLegend(node, p.list(data.rows), bar);
  }
  /* what the red lid means, and at how many stations there is one; only while there is */
  function drawLegend(node, rows, bar) {
    var n = rows.filter(function (row) { return row.held || String(row.lids || "").indexOf("h") >= 0; }).length;
    p.put(bar, { class: "bd-summary" + (n && node.clientWidth < 800 ? " is-lean" : "") });
    var legend = p.slot(node, "legend", "div", "bd-legend"), left = bar.lastChild ? bar.lastChild.offsetLeft + bar.lastChild.offsetWidth : 0;
    legend.hidden = !n;
    p.put(p.slot(legend, "sign", "i"), { class: p.sign("y", true) });
    p.say(legend, "n", "b", "", n || "");
    var room = node.clientWidth - left - 104, whole = wall.say("p_held"), said = p.width(whole, 16, 400) * 1.02 > room ? wall.say("p_held_short") : whole;
    p.fit(p.slot(legend, "word", "span", "bd-legend-word"), n ? said : "", room, 20, 16, 400);
  }
  function drawHeads(node, data, plan) {
    var m = plan.m, host = p.slot(node, "heads", "div", "bd-heads"), columns = [];
    host.hidden = !m.full;
    for (var x = 0; x < plan.columns && !host.hidden; x++) columns.push(x);
    wall.keyed(host, columns, function (x) { return x; }, function () { return wall.h("div", "bd-head"); }, function (head, x) {
      p.css(head, { left: x * (plan.width + GAP) + "px", width: plan.width + "px" });
      wall.keyed(p.slot(head, "cells", "span", "bd-cells"), themes(data), "c", function () { return wall.h("span", "bd-theme"); }, function (one, theme) {
        p.text(one, theme.s);
      });
      p.say(head, "reds", "span", "bd-reds", m.reds ? wall.say("p_reds") : "");
      p.say(head, "score", "span", "bd-score", m.score ? wall.say("p_score") : "");
      p.say(head, "days", "span", "bd-days", m.days ? wall.say("p_days") : "");
    });
    p.put(host, { class: "bd-heads " + (m.folded ? "is-folded" : m.cell >= m.headW ? "" : "is-upright") });
  }

  function draw(node, panel, picture, stage) {
    var data = (panel && panel.data) || {}, w = node.clientWidth - 24, h = node.clientHeight;
    if (w < 60 || h < 60) return;
    if (p.calm(node, p.list(data.rows).length ? "" : wall.say("p_calm_board"))) return;
    var box = { w: w, h: h - SUMMARY - 8 }, plan = chosen(data, stage, box), m = plan.m, context = { stage: stage, data: data };
    drawSummary(node, data, stage);
    drawHeads(node, data, plan);
    p.css(node, { "--sign": m.sign + "px", "--word": m.word + "px", "--wordw": m.wordW + "px", "--cell": m.cell + "px", "--head": headHeight(m) + "px",
      "--score": SCORE + "px", "--reds": REDS + "px", "--days": (m.days || 0) + "px" });
    var host = p.slot(node, "pages", "div", "bd-pages");
    p.css(host, { height: plan.room + "px" });
    wall.pager(host, { items: plan.pages, room: 1, seconds: (picture.rules || {}).list_seconds, make: function () { return wall.h("div", "bd-page"); },
      draw: function (page, items) {
        wall.keyed(page, items, "key", makeItem, function (one, item) {
          if (item.group) drawGroup(one, item, plan, box); else drawRow(one, item, plan, context);
        });
      } });
  }
  wall.panels.board = { draw: draw };
})();
