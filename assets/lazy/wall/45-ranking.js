/* The month's ranking: one list per fusion mode, beside each other where there is room, else one after the other. */
(function () {
  "use strict";
  var wall = window.wall, p = wall.parts, lists = wall.lists;
  var LEAST = 340, ROW = 38, HEADS = 36 + 34;

  function moved(item) {
    var by = item.move, key = !p.known(by) ? "" : by > 0 ? "p_up" : by < 0 ? "p_down" : "p_same";
    return key ? wall.say(key, { n: Math.abs(by) }) : "–";
  }
  function move(cell, item, room, k) {
    var by = item.move;
    p.put(cell, { class: "tb-cell rk-move " + (by > 0 ? "is-up" : by < 0 ? "is-down" : "is-same") });
    p.fit(cell, moved(item), room, Math.round(20 * k), 16, 400);
  }
  function value(name) { return function (item) { return p.known(item[name]) ? String(item[name]) : ""; }; }
  /* Columns in the order they stand, each as wide as its widest text; `drop`: the first to go when names need the room. */
  var COLUMNS = [
    { name: "rank", cls: "is-n", head: "p_rank", said: value("rank"), size: 22, weight: 600 },
    { name: "sign", w: 40 },
    { name: "name", head: "p_station", said: value("name"), size: 20, weight: 500 },
    { name: "move", head: "p_move", said: moved, draw: move, drop: 4 },
    { name: "outcome", cls: "is-n", head: "p_outcome", said: value("outcome"), drop: 3 },
    { name: "process", cls: "is-n", head: "p_process", said: value("process"), drop: 2 },
    { name: "band", cls: "is-n", head: "p_rank_band", said: value("band"), drop: 1 },
    { name: "score", cls: "is-n", head: "p_month_score", said: value("score"), size: 21, weight: 600 }
  ];
  function needed(column, rows) {
    if (column.w) return column.w;
    return Math.ceil(Math.max(p.width(wall.say(column.head), 17, 400), p.widest(rows.map(column.said), column.size || 20, column.weight || 400)) * 1.03) + 26;
  }
  /* {columns, k}: all that fit beside whole names; rows and text up to `most` times as large as usual */
  function arranged(rows, w, most) {
    var left = COLUMNS.slice(), needs = {}, sum = 0;
    COLUMNS.forEach(function (column) { needs[column.name] = needed(column, rows); sum += needs[column.name]; });
    for (var drop = 1; drop <= 4 && sum > w; drop += 1) {
      left = left.filter(function (column) { if (column.drop === drop) sum -= needs[column.name]; return column.drop !== drop; });
    }
    var k = Math.max(1, Math.min(2, most, w / sum)), spare = Math.max(0, w - sum * k), over = Math.min(0, w - sum);
    var columns = left.map(function (column) {
      var wide = needs[column.name] * k + (column.name === "name" ? over + spare * 0.3 : column.w ? 0 : spare * 0.7 / (left.length - 2));
      return { name: column.name, w: Math.max(30, Math.floor(wide)), cls: column.cls, head: column.head ? wall.say(column.head) : "",
        draw: column.name === "sign" ? sign : column.draw || lists.plain(column.name, column.size, column.weight) };
    });
    return { columns: columns, k: k };
  }
  function sign(cell, item) { lists.marked(cell, p.colour(item.colour)); }

  /* side by side every mode has a list of its own, or one below the other; else a page never mixes two modes */
  function draw(node, panel, picture) {
    var data = (panel && panel.data) || {}, at = lists.box(node);
    var modes = p.list(data.modes).filter(function (mode) { return p.list(mode && mode.rows).length; });
    if (at.w < 60 || at.h < 60) return;
    if (p.calm(node, modes.length ? "" : wall.say("p_calm_ranking"))) return;
    var noted = at.h > 330 && p.known(data.note), foot = p.say(node, "note", "p", "rk-note", noted ? data.note : "");
    var h = at.h - (noted ? foot.offsetHeight + 6 : 0), host = p.slot(node, "modes", "div", "rk-modes");
    var all = modes.reduce(function (sum, mode) { return sum + mode.rows.length; }, 0), heads = modes.length * (HEADS + 14);
    var beside = modes.length < 2 || (at.w - 28 * (modes.length - 1)) / modes.length >= LEAST, below = !beside && all * ROW + heads <= h;
    p.put(host, { class: "rk-modes" + (below ? " is-below" : "") });
    if (!beside && !below) {
      wall.keyed(host, ["all"], function (key) { return key; }, section, function (one) { drawTurns(one, modes, at.w, h, picture); });
      return;
    }
    var longest = Math.max.apply(null, modes.map(function (mode) { return mode.rows.length; }));
    var every = modes.reduce(function (found, mode) { return found.concat(mode.rows); }, []);
    var w = beside ? Math.floor((at.w - 28 * (modes.length - 1)) / modes.length) : at.w;
    var row = Math.floor(Math.max(ROW, Math.min(2 * ROW, beside ? (h - HEADS) / longest : (h - heads) / all)));
    wall.keyed(host, modes, "mode", section, function (one, mode) {
      drawMode(one, mode, { w: w, h: beside ? h : HEADS + row * mode.rows.length, row: row, all: beside ? null : every }, picture);
    });
  }
  function section() { return wall.h("section", "rk-mode"); }
  function title(one, name) { p.say(one, "title", "h4", "rk-title", name); }
  function drawMode(one, mode, at, picture) {
    title(one, mode.name);
    var head = one.wallSlots.title, plan = arranged(at.all || p.list(mode.rows), at.w, at.row / ROW);
    p.slot(head, "page", "span", "rk-page");
    lists.table(one, { w: at.w, h: at.h - 36, row: at.row, rowMost: at.row, k: plan.k, items: p.list(mode.rows), seconds: lists.seconds(picture), columns: plan.columns, mark: head.wallSlots.page });
  }
  function drawTurns(one, modes, w, h, picture) {
    var per = Math.max(1, Math.floor((h - HEADS) / 36)), turns = [], longest = 1;
    modes.forEach(function (mode) {
      longest = Math.max(longest, Math.min(per, mode.rows.length));
      for (var from = 0; from < mode.rows.length; from += per) turns.push({ mode: mode, rows: mode.rows.slice(from, from + per) });
    });
    var host = p.slot(one, "turns", "div", "rk-turns"), row = Math.floor(Math.max(36, Math.min(2 * ROW, (h - HEADS) / longest)));
    p.css(host, { height: h + "px" });
    wall.pager(host, { items: turns, room: 1, seconds: lists.seconds(picture), make: function () { return wall.h("div", "rk-turn"); },
      draw: function (turn, item) {
        var plan = arranged(item.mode.rows, w, row / ROW);
        title(turn, item.mode.name);
        lists.table(turn, { w: w, h: h - 36, items: item.rows, row: row, rowMost: row, k: plan.k, mark: p.slot(turn, "hush", "span", "rk-hush"), columns: plan.columns });
      } });
  }
  wall.panels.ranking = { draw: draw, head: function (panel) {
    var data = (panel && panel.data) || {};
    return [data.month, data.running ? wall.say("p_running") : ""].filter(Boolean).join(" · ");
  } };
})();
