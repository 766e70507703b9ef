/* The lists: red tasks, overdue items, tracing, ranking. All of them page through completely; rows take the
   height that is there; what does not fit is left out from the least important side. */
(function () {
  "use strict";
  var wall = window.wall, p = wall.parts;
  var ROW = 38, ROW_MOST = 60, PAD = 24;

  /* a table of given columns [{name, head, w (px or share < 1), cls, draw(cell, item, room, k)}] that pages itself;
     `k`: how much larger than usual the rows are, 1 to 2, with the room there is */
  function table(node, given) {
    var host = p.slot(node, given.name || "table", "div", "tb"), room = given.h - (given.headless ? 0 : 34);
    var least = given.row || ROW, fits = Math.max(1, Math.floor(room / least)), count = given.items.length;
    var high = Math.floor(Math.min(given.rowMost || ROW_MOST, Math.max(least, count > fits ? room / fits : room / Math.max(1, count))));
    var columns = given.columns.filter(Boolean), fixed = columns.reduce(function (sum, column) { return sum + (column.w > 1 ? column.w : 0); }, 0);
    var k = Math.max(1, given.k || Math.min(2, high / ROW, given.w / 600));
    if (!given.k) { fixed *= k; columns.forEach(function (column) { if (column.w > 1) column.w *= k; }); }
    columns.forEach(function (column) { column.room = Math.floor(column.w > 1 ? column.w : (given.w - fixed) * column.w) - 12; });
    p.css(host, { "--columns": columns.map(function (column) { return column.room + 12 + "px"; }).join(" "), "--row": high + "px", "--k": k.toFixed(2), width: given.w + "px" });
    var head = p.slot(host, "head", "div", "tb-head");
    head.hidden = !!given.headless;
    wall.keyed(head, columns, "name", function () { return wall.h("span"); }, function (one, column) {
      p.put(one, { class: "tb-cell " + (column.cls || "") });
      p.fit(one, column.head, column.room, Math.round(17 * Math.min(1.4, k)), 16, 400);
    });
    var body = p.slot(host, "body", "div", "tb-body");
    p.css(body, { height: Math.min(room, high * fits) + "px" });
    wall.pager(body, { items: given.items, rowHeight: high, room: fits, seconds: given.seconds, mark: given.mark, make: function () { return wall.h("div", "tb-row"); },
      draw: function (row, item) {
        p.put(row, { class: "tb-row " + (given.look ? given.look(item) : ""), "data-station": item.c || null });
        wall.keyed(row, columns, "name", function () { return wall.h("span"); }, function (cell, column) {
          p.put(cell, { class: "tb-cell " + (column.cls || "") });
          column.draw(cell, item, column.room, k);
        });
      } });
    return host;
  }
  function plain(name, size, weight) {
    return function (cell, item, room, k) { p.fit(cell, item[name], room, Math.round((size || 20) * (k || 1)), 16, weight || 400); };
  }
  function marked(cell, kind) { p.put(p.slot(cell, "sign", "i"), { class: "sg " + kind }); }
  function seconds(picture) { return ((picture || {}).rules || {}).list_seconds; }
  function box(node) { return { w: node.clientWidth - PAD, h: node.clientHeight - 10 }; }

  /* a list without rows is good news; no list at all is none */
  function empty(node, panel, key) {
    var rows = ((panel && panel.data) || {}).rows, there = Array.isArray(rows);
    return p.calm(node, !there ? wall.say("p_no_data") : rows.length ? "" : wall.say(key), there ? wall.say(key + "_hint") : "");
  }

  /* red tasks -------------------------------------------------------------------------------------- */
  function drawReds(node, panel, picture) {
    var items = p.list(((panel && panel.data) || {}).rows), at = box(node), now = picture.now;
    if (at.w < 60 || at.h < 40) return;
    if (empty(node, panel, "p_calm_red")) return;
    var wide = at.w > 900, high = wide ? 48 : 64;
    table(node, { w: at.w, h: at.h, items: items, headless: true, row: high, rowMost: high + 16, k: 1, seconds: seconds(picture),
      look: function (item) { return "rd " + (item.hard ? "is-hard " : "") + (item.ack ? "is-known" : ""); },
      columns: [{ name: "all", w: 1, draw: function (cell, item, room) { redRow(cell, item, room, now, wide); } }] });
  }
  function redRow(cell, item, room, now, wide) {
    p.put(cell, { class: "tb-cell rd-cell " + (wide ? "is-wide" : "") });
    marked(cell, "k-r");
    var first = p.slot(cell, "first", "span", "rd-first"), second = p.slot(cell, "second", "span", "rd-second");
    var half = wide ? room * 0.5 : room - 34, hard = item.hard ? wall.say("p_hard") : "", hardW = hard ? p.width(hard, 16, 600) + 24 : 0;
    var name = String(item.station || ""), nameW = Math.min(half * 0.5, p.width(name, 22, 600) * 1.03 + 4);
    p.fit(p.slot(first, "station", "b", "rd-station"), name, nameW, 22, 18, 600);
    p.fit(p.slot(first, "task", "span", "rd-task"), item.task, half - nameW - hardW - 12, 20, 16, 400);
    p.say(first, "hard", "em", "rd-hard", hard);
    var since = item.found || (item.since ? wall.say("p_since", { at: p.moment(item.since, now) }) : ""), ack = item.ack ? wall.say("p_ack", { by: item.ack.by || "", at: p.moment(item.ack.at, now), note: item.ack.note || "" }) : "";
    p.say(second, "value", "b", "rd-value", item.value);
    p.say(second, "target", "span", "rd-target", p.known(item.target) ? wall.say("p_target", { x: item.target }) : "");
    p.say(second, "note", "span", ack ? "rd-note" : "rd-note", ack || since);
  }
  wall.panels.redlist = { draw: drawReds, head: function (panel) { return count(panel); } };
  function count(panel) {
    var n = p.list(((panel && panel.data) || {}).rows).length;
    return n ? wall.say("p_items", { n: n }) : "";
  }

  /* overdue ---------------------------------------------------------------------------------------- */
  function drawOverdue(node, panel, picture, stage) {
    var data = (panel && panel.data) || {}, items = p.list(data.rows), at = box(node);
    if (at.w < 60 || at.h < 40) return;
    if (empty(node, panel, "p_calm_overdue")) return;
    var plan = spaced(OVERDUE, items.map(function (item) { return Object.assign({}, item, { due: p.moment(item.oldest, picture.now) }); }), at);
    table(node, { w: at.w, h: at.h, items: plan.items, k: plan.k, columns: plan.columns, seconds: seconds(picture),
      look: function (item) { return item.level === "red" ? "od is-red" : "od"; } });
  }
  var OVERDUE = [
    { name: "station", head: "p_station", size: 20, weight: 600 }, { name: "kind", head: "p_kind", size: 20, weight: 400 },
    { name: "n", cls: "is-n", head: "p_n", size: 22, weight: 600 }, { name: "due", cls: "is-n", head: "p_oldest", size: 20, weight: 400, drop: true },
    { name: "late_by", cls: "is-n", head: "p_late_by", size: 19, weight: 400 }
  ];
  /* texts that have less room than they need: the short ones keep theirs, the long ones share the rest */
  function narrowed(columns, wide, left) {
    var room = columns.reduce(function (all, column) { return all + wide[column.name]; }, left);
    columns.slice().sort(function (a, b) { return wide[a.name] - wide[b.name]; }).forEach(function (column, at) {
      wide[column.name] = Math.max(30, Math.min(wide[column.name], room / (columns.length - at)));
      room -= wide[column.name];
    });
  }
  /* {columns, items, k}: each column as wide as its widest text and a share of what is left; where that is not enough,
     the one that may go goes, and what is too long is drawn smaller. Rows and text up to twice as large. */
  function spaced(wanted, items, at) {
    var sign = 40, room = at.h - 34, fits = Math.max(1, Math.floor(room / ROW)), high = Math.min(ROW_MOST, room / Math.min(fits, Math.max(1, items.length)));
    function need(column) {
      return Math.ceil(Math.max(p.width(wall.say(column.head), 17, 400), p.widest(items.map(function (item) { return String(item[column.name]); }), column.size, column.weight)) * 1.03) + 14;
    }
    function sum(columns) { return columns.reduce(function (all, column) { return all + need(column); }, sign); }
    var shown = sum(wanted) <= at.w ? wanted : wanted.filter(function (column) { return !column.drop; });
    var whole = sum(shown), k = Math.max(1, Math.min(2, high / ROW, at.w / whole)), left = at.w - whole * k, wide = {};
    shown.forEach(function (column) { wide[column.name] = need(column) * k; });
    if (left < 0) narrowed(shown.filter(function (column) { return !column.cls; }), wide, left);
    var columns = shown.map(function (column) {
      return { name: column.name, w: Math.floor(wide[column.name] + Math.max(0, left) / shown.length), cls: column.cls, head: wall.say(column.head), draw: plain(column.name, column.size, column.weight) };
    });
    columns.unshift({ name: "sign", w: Math.floor(sign * k), head: "", draw: function (cell, item) { marked(cell, item.level === "red" ? "k-r" : "k-y"); } });
    return { columns: columns, items: items, k: k };
  }
  wall.panels.overdue = { draw: drawOverdue, head: function (panel) {
    var data = (panel && panel.data) || {};
    return data.total ? wall.say("p_items", { n: data.total }) : "";
  } };

  /* tracing ---------------------------------------------------------------------------------------- */
  function drawTracing(node, panel, picture) {
    var data = (panel && panel.data) || {}, steps = withLate(data), at = box(node), most = Math.max.apply(null, [1].concat(steps.map(function (step) { return step.n || 0; })));
    if (at.w < 60 || at.h < 60) return;
    var any = steps.some(function (step) { return step.n > 0; }) || p.list(data.rows).length;
    if (p.calm(node, any ? "" : wall.say("p_calm_tracing"))) return;
    var high = Math.max(32, Math.min(46, Math.floor(at.h * 0.5 / Math.max(1, steps.length)))), funnel = p.slot(node, "funnel", "div", "tr-funnel");
    var names = p.widest(steps.map(function (step) { return step.name || ""; }), 20, 400) + 14;
    p.css(funnel, { "--row": high + "px", "--name": Math.min(at.w * 0.4, names) + "px" });
    wall.keyed(funnel, steps, "code", function () { return wall.h("div", "tr-step"); }, function (one, step) {
      var bad = step.code === "late" && step.n > 0, red = bad && data.level === "red";
      p.put(one, { class: "tr-step " + (red ? "is-late is-red" : bad ? "is-late" : "") });
      p.fit(p.slot(one, "name", "span", "tr-name"), step.name, Math.min(at.w * 0.4, names) - 8, 20, 16, 400);
      p.css(p.slot(p.slot(one, "track", "span", "tr-track"), "bar", "i", "tr-bar"), { width: Math.round(100 * (step.n || 0) / most) + "%" });
      p.say(one, "n", "b", "tr-n", p.known(step.n) ? (red ? "■ " : bad ? "▲ " : "") + step.n : "–");
    });
    var left = at.h - high * steps.length - 12, rows = p.list(data.rows).slice();
    var host = p.slot(node, "list", "div", "tr-list");
    host.hidden = left < 34 + ROW || !rows.length;
    if (host.hidden) return;
    rows = rows.map(function (row, order) { return [row, order]; }).sort(function (a, b) { return (b[0].late || 0) - (a[0].late || 0) || a[1] - b[1]; }).map(function (pair) { return pair[0]; });
    table(host, { w: at.w, h: left, items: rows, seconds: seconds(picture), columns: tracingColumns(steps) });
  }
  /* what is late is the funnel's last line, whoever counts it */
  function withLate(data) {
    var steps = p.list(data.funnel);
    if (!p.known(data.late) || steps.some(function (step) { return step.code === "late"; })) return steps;
    return steps.concat([{ code: "late", name: wall.say("p_late"), n: data.late }]);
  }
  function tracingColumns(steps) {
    var name = {};
    steps.forEach(function (step) { name[step.code] = step.name; });
    return [{ name: "station", w: 0.36, head: wall.say("p_station"), draw: plain("name", 20, 500) }].concat(["sent", "signed", "done", "late"].map(function (code) {
      return { name: code, w: 0.16, cls: "is-n", head: name[code] || "", draw: function (cell, item, room, k) {
        var late = code === "late" && item[code] > 0, red = late && item.level === "red";
        p.put(cell, { class: "tb-cell is-n" + (late ? " is-late" : "") + (red ? " is-red" : "") + (item[code] ? "" : " is-zero") });
        p.fit(cell, p.known(item[code]) ? (red ? "■ " : late ? "▲ " : "") + item[code] : "–", room, Math.round(20 * k), 16, late ? 600 : 400);
      } };
    }));
  }
  wall.panels.tracing = { draw: drawTracing, head: function (panel) { return ((panel && panel.data) || {}).period || ""; } };

  wall.lists = { table: table, plain: plain, marked: marked, box: box, seconds: seconds };
})();
