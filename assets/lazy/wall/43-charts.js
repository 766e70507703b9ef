/* The headline numbers and the day's curve: hours of today as bars against the usual median and 80 % band. */
(function () {
  "use strict";
  var wall = window.wall, p = wall.parts;

  /* counters -------------------------------------------------------------------------------------- */
  var TIGHT = 20 + 32 + 42 - 6; /* px of a name, a number and both comparisons without a gap, but for the narrower margin */
  var VERDICT = { good: "is-good", bad: "is-bad" };
  function change(host, name, label, given) {
    var line = p.slot(host, name, "p", "ct-change");
    line.hidden = !given || !p.known(given.text);
    if (line.hidden) return;
    p.put(line, { class: "ct-change " + (VERDICT[given.verdict] || "") });
    p.say(line, "label", "span", "ct-label", label);
    p.say(line, "text", "b", "", given.text);
  }
  /* the arrangement with the largest text that leaves both comparisons readable: below the number, or beside it;
     else one of them, or none */
  function arranged(items, w, h) {
    var changes = items.map(function (item) { return ((item.yoy || {}).text || "") + wall.say("p_yoy"); });
    changes = changes.concat(items.map(function (item) { return ((item.mom || {}).text || "") + wall.say("p_mom"); }));
    var longest = p.widest(changes, 16, 500) * 1.03 + 8, unit = Math.max.apply(null, items.map(unitWidth)), loose = null, best = null;
    var number = p.widest(items.map(valueOf), 36, 600) + unit + 6, names = p.widest(items.map(function (item) { return item.name || ""; }), 16, 400);
    function offer(at, look, least, tall, beside) {
      at.k = Math.min(2, at.w / least, at.h / tall);
      if (at.k >= 1 && (!best || at.k > best.k * 1.08)) best = { at: at, k: at.k, look: look, beside: beside };
    }
    for (var rows = 1; rows <= items.length; rows++) {
      var columns = Math.ceil(items.length / rows), at = { columns: columns, rows: rows, w: Math.floor(w / columns) - 14, h: Math.floor(h / rows) - 10, unit: unit };
      if (at.h < 62) break;
      loose = at;
      if (at.w < Math.max(number, names)) continue;
      offer(at, "stack", Math.max(longest, number, names), 24 + 42 + 48, 0);
      offer(Object.assign({}, at), "beside", Math.max(number + longest + 8, names), 24 + 46, longest + 8);
    }
    if (best) return sizes(best.at, best.look, items, best.at.h - 24 * best.k - (best.beside ? 0 : 48 * best.k), 2, best.beside ? best.at.w - best.beside * best.k : 0);
    loose = loose || { columns: items.length, rows: 1, w: Math.floor(w / items.length) - 14, h: h - 10, unit: unit };
    loose.k = 1;
    if (loose.h >= TIGHT && loose.w >= Math.max(longest, p.widest(items.map(valueOf), 28, 600) + unit)) return sizes(loose, "tight", items, loose.h - TIGHT + 32, 2);
    var two = loose.h >= 24 + 42 + 48, one = two || loose.h >= 24 + 42 + 24;
    return sizes(loose, "stack", items, loose.h - 24 - (two ? 48 : one ? 24 : 0), two ? 2 : one ? 1 : 0);
  }
  function valueOf(item) { return p.known(item.value) ? String(item.value) : "–"; }
  function unitWidth(item) { return p.known(item.unit) ? p.width(String(item.unit), 18, 400) + 8 : 0; }
  /* one size for all numbers and one for all names, so that the eye runs along a line */
  function sizes(at, look, items, tall, changes, room) {
    var least = look === "tight" ? 28 : 36, most = Math.max(least, Math.min(Math.floor(56 * at.k), Math.floor(tall / 1.15)));
    at.look = look;
    at.changes = changes;
    at.room = (room || at.w) - Math.ceil(at.unit * at.k);
    at.value = Math.max(least - 6, Math.min(most, Math.floor(most * at.room / Math.max(1, p.widest(items.map(valueOf), most, 600) * 1.03))));
    at.line = Math.round(room ? Math.min(at.w * 0.46, room) : 0);
    at.name = Math.max(16, Math.min(Math.floor(19 * at.k), Math.floor(19 * at.w / Math.max(1, p.widest(items.map(function (item) { return item.name || ""; }), 19, 400) * 1.03))));
    return at;
  }
  function counterItem(one, item, at) {
    p.fit(p.slot(one, "name", "p", "ct-name"), item.name, at.w, at.name, 16, 400);
    var body = p.slot(one, "body", "div", "ct-body"), line = p.slot(body, "line", "p", "ct-line");
    p.fit(p.slot(line, "value", "b", "ct-value"), valueOf(item), at.room, at.value, 24, 600);
    p.say(line, "unit", "span", "ct-unit", item.unit);
    var changes = p.slot(body, "changes", "div", "ct-changes");
    change(changes, "yoy", wall.say("p_yoy"), at.changes > 0 ? item.yoy : null);
    change(changes, "mom", wall.say("p_mom"), at.changes > 1 ? item.mom : null);
  }
  function drawCounters(node, panel) {
    var data = (panel && panel.data) || {}, items = p.list(data.items), w = node.clientWidth - 8, h = node.clientHeight - 8;
    if (w < 40 || h < 40) return;
    if (p.calm(node, items.length ? "" : wall.say("p_calm_counters"))) return;
    var at = arranged(items, w, h), host = p.slot(node, "grid", "div", "ct-grid");
    p.css(host, { "--line": at.line + "px", "--k": at.k.toFixed(2), "grid-template-columns": "repeat(" + at.columns + ",minmax(0,1fr))", "grid-template-rows": "repeat(" + at.rows + ",minmax(0,1fr))" });
    wall.keyed(host, items, "code", function () { return wall.h("div", "ct-item"); }, function (one, item, order) {
      p.put(one, { class: "ct-item is-" + at.look + (order % at.columns ? "" : " is-first") });
      counterItem(one, item, at);
    });
  }
  wall.panels.counters = { draw: drawCounters, head: function (panel) { return ((panel && panel.data) || {}).period || ""; } };

  /* the curve ------------------------------------------------------------------------------------- */
  var LEFT = 46, RIGHT = 12, TOP = 14, BOTTOM = 32;
  function number(value) { return value !== null && value !== undefined && isFinite(value); }
  function most(data) {
    var all = p.list(data.hours).concat(p.list(data.high), p.list(data.usual), data.begun).filter(number);
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
    var hours = p.list(data.hours).slice(0, 24);
    if (number(data.begun) && now < 24 && !number(hours[now])) hours[now] = data.begun;
    hours.forEach(function (value, hour) {
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
