/* The month's ranking: one list per fusion mode, beside each other where there is room, else one after the other. */
(function () {
  "use strict";
  var wall = window.wall, p = wall.parts, lists = wall.lists;
  var LEAST = 340;

  function move(cell, item, room) {
    var by = item.move, key = !p.known(by) ? "" : by > 0 ? "p_up" : by < 0 ? "p_down" : "p_same";
    p.put(cell, { class: "tb-cell rk-move " + (by > 0 ? "is-up" : by < 0 ? "is-down" : "is-same") });
    p.fit(cell, key ? wall.say(key, { n: Math.abs(by) }) : "–", room, 18, 16, 400);
  }
  function columns(w) {
    var many = w - 92 > 460;
    return [
      { name: "rank", w: 52, cls: "is-n", head: wall.say("p_rank"), draw: lists.plain("rank", 22, 600) },
      { name: "sign", w: 40, head: "", draw: function (cell, item) { lists.marked(cell, p.colour(item.colour)); } },
      { name: "name", w: many ? 0.26 : 0.42, head: wall.say("p_station"), draw: lists.plain("name", 20, 500) },
      { name: "move", w: many ? 0.14 : 0.28, head: wall.say("p_move"), draw: move },
      many && { name: "outcome", w: 0.14, cls: "is-n", head: wall.say("p_outcome"), draw: lists.plain("outcome") },
      many && { name: "process", w: 0.14, cls: "is-n", head: wall.say("p_process"), draw: lists.plain("process") },
      many && { name: "band", w: 0.16, cls: "is-n", head: wall.say("p_rank_band"), draw: lists.plain("band", 18) },
      { name: "score", w: many ? 0.16 : 0.3, cls: "is-n", head: wall.say("p_score"), draw: lists.plain("score", 21, 600) }
    ];
  }
  /* side by side every mode has a list of its own; alone, a page never mixes two modes */
  function draw(node, panel, picture) {
    var data = (panel && panel.data) || {}, at = lists.box(node);
    var modes = p.list(data.modes).filter(function (mode) { return p.list(mode && mode.rows).length; });
    if (at.w < 60 || at.h < 60) return;
    if (p.calm(node, modes.length ? "" : wall.say("p_calm_ranking"))) return;
    var noted = at.h > 330 && p.known(data.note), foot = p.say(node, "note", "p", "rk-note", noted ? data.note : "");
    var beside = modes.length < 2 || (at.w - 16 * (modes.length - 1)) / modes.length >= LEAST;
    var host = p.slot(node, "modes", "div", "rk-modes"), h = at.h - (noted ? foot.offsetHeight + 6 : 0);
    if (beside) {
      var gap = 28, w = Math.floor((at.w - gap * (modes.length - 1)) / modes.length);
      var longest = Math.max.apply(null, modes.map(function (mode) { return mode.rows.length; })), row = Math.max(38, Math.min(46, Math.floor((h - 70) / longest)));
      return wall.keyed(host, modes, "mode", function () { return wall.h("section", "rk-mode"); }, function (one, mode) { drawMode(one, mode, { w: w, h: h, row: row }, picture); });
    }
    wall.keyed(host, ["all"], function (key) { return key; }, function () { return wall.h("section", "rk-mode"); }, function (one) { drawTurns(one, modes, at.w, h, picture); });
  }
  function title(one, name) { p.say(one, "title", "h4", "rk-title", name); }
  function drawMode(one, mode, at, picture) {
    title(one, mode.name);
    var head = one.wallSlots.title;
    p.slot(head, "page", "span", "rk-page");
    lists.table(one, { w: at.w, h: at.h - 36, row: at.row, rowMost: at.row, items: p.list(mode.rows), seconds: lists.seconds(picture), columns: columns(at.w), mark: head.wallSlots.page });
  }
  function drawTurns(one, modes, w, h, picture) {
    var per = Math.max(1, Math.floor((h - 36 - 34) / 36)), turns = [];
    modes.forEach(function (mode) {
      for (var from = 0; from < mode.rows.length; from += per) turns.push({ mode: mode, rows: mode.rows.slice(from, from + per) });
    });
    var host = p.slot(one, "turns", "div", "rk-turns");
    p.css(host, { height: h + "px" });
    wall.pager(host, { items: turns, room: 1, seconds: lists.seconds(picture), make: function () { return wall.h("div", "rk-turn"); },
      draw: function (turn, item) {
        title(turn, item.mode.name);
        lists.table(turn, { w: w, h: h - 36, items: item.rows, row: 36, mark: p.slot(turn, "hush", "span", "rk-hush"), columns: columns(w) });
      } });
  }
  wall.panels.ranking = { draw: draw, head: function (panel) {
    var data = (panel && panel.data) || {};
    return [data.month, data.running ? wall.say("p_running") : ""].filter(Boolean).join(" · ");
  } };
})();
