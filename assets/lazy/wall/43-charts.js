/* The headline numbers and the day's curve: hours of today as bars against the usual median and 80 % band. */
(function () {
  "use strict";
  var wall = window.wall, p = wall.parts;

  /* counters -------------------------------------------------------------------------------------- */
  var VERDICT = { good: "is-good", bad: "is-bad" };
  function change(host, name, label, given) {
    var line = p.slot(host, name, "p", "ct-change");
    line.hidden = !given || !p.known(given.text);
    if (line.hidden) return;
    p.put(line, { class: "ct-change " + (VERDICT[given.verdict] || "") });
    p.say(line, "label", "span", "ct-label", label);
    p.say(line, "text", "b", "", given.text);
  }
  /* as many columns as keep an item readable; rows share the height */
  function grid(count, w, h) {
    var columns = Math.max(1, Math.min(count, Math.floor(w / 150)));
    var rows = Math.ceil(count / columns);
    columns = Math.ceil(count / rows);
    while (columns > 1 && h / (rows + 1) >= 128 && w / columns < 230) { rows += 1; columns = Math.ceil(count / rows); rows = Math.ceil(count / columns); }
    return { columns: columns, rows: rows, w: w / columns, h: h / rows };
  }
  function counterItem(one, item, cell, narrow) {
    p.fit(p.slot(one, "name", "p", "ct-name"), item.name, cell.w - 26, 19, 16, 400);
    var line = p.slot(one, "line", "p", "ct-line"), size = Math.max(36, Math.min(56, Math.floor((cell.h - 16) * 0.36)));
    var unitW = p.known(item.unit) ? p.width(String(item.unit), 18, 400) + 8 : 0;
    p.fit(p.slot(line, "value", "b", "ct-value"), p.known(item.value) ? item.value : "–", cell.w - 26 - unitW, size, 26, 600);
    p.say(line, "unit", "span", "ct-unit", item.unit);
    var tall = size * 1.12 + 30;
    change(one, "yoy", narrow ? "" : wall.say("p_yoy"), cell.h - 16 < tall + 23 ? null : item.yoy);
    change(one, "mom", narrow ? "" : wall.say("p_mom"), cell.h - 16 < tall + 46 ? null : item.mom);
  }
  function drawCounters(node, panel) {
    var data = (panel && panel.data) || {}, items = p.list(data.items), w = node.clientWidth - 16, h = node.clientHeight - 8;
    if (w < 40 || h < 40) return;
    if (p.calm(node, items.length ? "" : wall.say("p_calm_counters"))) return;
    var cell = grid(items.length, w, h), host = p.slot(node, "grid", "div", "ct-grid");
    var longest = p.widest(items.map(function (item) { return ((item.yoy || {}).text || "") + wall.say("p_yoy"); }), 17, 500) + 12;
    p.css(host, { "grid-template-columns": "repeat(" + cell.columns + ",minmax(0,1fr))", "grid-template-rows": "repeat(" + cell.rows + ",minmax(0,1fr))" });
    wall.keyed(host, items, "code", function () { return wall.h("div", "ct-item"); }, function (one, item, at) {
      p.put(one, { class: "ct-item" + (at % cell.columns ? "" : " is-first") });
      counterItem(one, item, cell, longest > cell.w - 20);
    });
  }
  wall.panels.counters = { draw: drawCounters, head: function (panel) { return ((panel && panel.data) || {}).period || ""; } };

  /* the curve ------------------------------------------------------------------------------------- */
  var LEFT = 46, RIGHT = 12, TOP = 14, BOTTOM = 32;
  function number(value) { return value !== null && value !== undefined && isFinite(value); }
  function most(data) {
    var all = p.list(data.hours).concat(p.list(data.high), p.list(data.usual)).filter(number);
    return Math.max.apply(null, [4].concat(all));
  }
  function stepOf(top) {
    var raw = top / 4, base = Math.pow(10, Math.floor(Math.log(raw) / Math.LN10));
    return [1, 2, 5, 10].map(function (k) { return k * base; }).filter(function (step) { return step >= raw && step >= 1; })[0] || 1;
  }
  function path(values, x, y) {
    var open = false;
    return values.map(function (value, hour) {
      if (!number(value)) { open = false; return ""; }
      var here = (open ? "L" : "M") + x(hour).toFixed(1) + " " + y(value).toFixed(1);
      open = true;
      return here;
    }).join("");
  }
  function band(low, high, x, y) {
    var hours = low.map(function (value, hour) { return hour; }).filter(function (hour) { return number(low[hour]) && number(high[hour]); });
    if (hours.length < 2) return "";
    var up = hours.map(function (hour) { return x(hour).toFixed(1) + " " + y(high[hour]).toFixed(1); });
    var back = hours.slice().reverse().map(function (hour) { return x(hour).toFixed(1) + " " + y(low[hour]).toFixed(1); });
    return "M" + up.concat(back).join("L") + "z";
  }
  function drawCurve(node, panel) {
    var data = (panel && panel.data) || {}, w = node.clientWidth, h = node.clientHeight;
    if (w < 120 || h < 90) return;
    var some = p.list(data.hours).concat(p.list(data.usual)).some(number);
    if (p.calm(node, some ? "" : wall.say("p_calm_curve"))) return;
    var headed = h > 170;
    drawTotals(node, data, headed);
    drawChart(node, data, w, h - (headed ? 54 : 0));
  }
  function drawTotals(node, data, headed) {
    var box = p.slot(node, "totals", "div", "cv-totals");
    box.hidden = !headed;
    var today = p.slot(box, "today", "span", "cv-total");
    p.slot(today, "key", "i", "cv-key cv-key-today");
    p.say(today, "label", "span", "", wall.say("p_today"));
    p.say(today, "n", "b", "", number(data.total) ? data.total : "–");
    var usual = p.slot(box, "usual", "span", "cv-total");
    p.slot(usual, "key", "i", "cv-key cv-key-usual");
    p.say(usual, "label", "span", "", wall.say("p_usual_by_now"));
    p.say(usual, "n", "b", "", number(data.usual_total) ? Math.round(data.usual_total) : "–");
    var range = p.slot(box, "band", "span", "cv-total cv-quiet");
    p.slot(range, "key", "i", "cv-key cv-key-band");
    p.say(range, "label", "span", "", wall.say("p_band"));
  }
  function drawChart(node, data, w, h) {
    var svg = p.slot(node, "svg", "svg", "cv-svg"), top = most(data) * 1.06, step = (w - LEFT - RIGHT) / 24;
    var x = function (hour) { return LEFT + (hour + 0.5) * step; };
    var y = function (value) { return TOP + (h - TOP - BOTTOM) * (1 - value / top); };
    p.put(svg, { width: w, height: h, viewBox: "0 0 " + w + " " + h });
    drawScale(p.slot(svg, "scale", "g"), top, y, w);
    p.put(p.slot(svg, "band", "path", "cv-band"), { d: band(p.list(data.low), p.list(data.high), x, y) });
    drawBars(svg, data, { x: x, y: y, step: step, base: h - BOTTOM });
    p.put(p.slot(svg, "line", "path", "cv-usual"), { d: path(p.list(data.usual), x, y) });
    drawHours(p.slot(svg, "hours", "g"), data, x, h, w);
    drawNow(svg, data, x, h);
  }
  /* one path each for what is as usual, above it, and the hour that is still running */
  function drawBars(svg, data, g) {
    var d = { usual: "", above: "", running: "", mark: "", missing: "" }, wide = Math.max(4, g.step * 0.56), now = number(data.now) ? data.now : 24;
    var high = p.list(data.high);
    p.list(data.hours).slice(0, 24).forEach(function (value, hour) {
      var left = g.x(hour) - wide / 2;
      if (!number(value)) {
        if (hour < now) d.missing += "M" + left.toFixed(1) + " " + g.y(0).toFixed(1) + "h" + wide.toFixed(1) + "V" + TOP + "h-" + wide.toFixed(1) + "z";
        return;
      }
      var tall = Math.max(2, g.base - g.y(value)), kind = hour >= now ? "running" : number(high[hour]) && value > high[hour] ? "above" : "usual";
      d[kind] += "M" + left.toFixed(1) + " " + g.base + "h" + wide.toFixed(1) + "v-" + tall.toFixed(1) + "h-" + wide.toFixed(1) + "z";
      if (kind === "above") d.mark += triangle(g.x(hour), g.base - tall - 14);
    });
    hatch(svg);
    Object.keys(d).forEach(function (kind) { p.put(p.slot(svg, "bar-" + kind, "path", "cv-bar cv-bar-" + kind), { d: d[kind] }); });
    p.put(svg.wallSlots["bar-missing"], { fill: "url(#wall-missing)" });
  }
  function triangle(x, y) { return "M" + x.toFixed(1) + " " + y.toFixed(1) + "l6 9h-12z"; }
  function hatch(svg) {
    var pattern = p.slot(p.slot(svg, "defs", "defs"), "missing", "pattern");
    p.put(pattern, { id: "wall-missing", width: 8, height: 8, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" });
    p.put(p.slot(pattern, "line", "path", "cv-hatch"), { d: "M0 0V8" });
  }
  function drawScale(group, top, y, w) {
    var step = stepOf(top), marks = [];
    for (var value = 0; value <= top; value += step) marks.push(value);
    wall.keyed(group, marks, function (mark) { return mark; }, function () { return document.createElementNS(group.namespaceURI, "g"); }, function (one, mark) {
      p.put(p.slot(one, "line", "path", "cv-grid"), { d: "M" + LEFT + " " + y(mark).toFixed(1) + "H" + (w - RIGHT) });
      p.put(p.text(p.slot(one, "text", "text", "cv-text"), mark), { x: LEFT - 8, y: y(mark).toFixed(1), "text-anchor": "end", "dominant-baseline": "central" });
    });
  }
  function drawHours(group, data, x, h, w) {
    var every = w > 1100 ? 2 : w > 420 ? 3 : 6, marks = [];
    for (var hour = 0; hour < 24; hour += every) marks.push(hour);
    wall.keyed(group, marks, function (mark) { return mark; }, function () { return document.createElementNS(group.namespaceURI, "text"); }, function (one, mark) {
      p.put(p.text(one, wall.say("p_hour", { h: mark })), { class: "cv-text", x: x(mark).toFixed(1), y: h - 10, "text-anchor": "middle" });
    });
  }
  function drawNow(svg, data, x, h) {
    var shown = number(data.now) && data.now >= 0 && data.now < 24, line = p.slot(svg, "now", "path", "cv-now");
    p.put(line, { d: shown ? "M" + x(data.now).toFixed(1) + " " + (TOP - 8) + "V" + (h - BOTTOM) : "" });
    p.put(p.slot(svg, "nowmark", "path", "cv-nowmark"), { d: shown ? "M" + (x(data.now) - 7).toFixed(1) + " " + (TOP - 10) + "h14l-7 10z" : "" });
  }
  wall.panels.curve = { draw: drawCurve, head: function (panel) { return ((panel && panel.data) || {}).title || ""; } };
})();
