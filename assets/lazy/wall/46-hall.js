/* One station in its own hall: its colour as large as the screen allows, why, what to do next and by when. */
(function () {
  "use strict";
  var wall = window.wall, p = wall.parts;

  function draw(node, panel, picture, stage) {
    var data = (panel && panel.data) || {}, w = node.clientWidth, h = node.clientHeight;
    if (w < 120 || h < 120) return;
    if (p.calm(node, p.known(data.name) || p.known(data.o) ? "" : wall.say("p_calm_station"))) return;
    var wide = w > h * 1.15, box = p.slot(node, "hall", "div", "hl");
    var u = wide ? Math.min(w / 1500, h / 900) : Math.min(w / 1040, h / 1500);
    for (var turn = 0; turn < 3; turn++) { /* what is too long is drawn smaller, as a whole */
      arrange(box, data, picture, stage, { w: w, wide: wide, u: u });
      var need = box.scrollHeight / h;
      if (need <= 1 || u * 0.5 > w / 1500) return;
      u /= Math.min(1.6, need * 1.005);
    }
  }
  function arrange(box, data, picture, stage, at) {
    var w = at.w, wide = at.wide, u = at.u;
    p.put(box, { class: "hl " + (wide ? "is-wide" : "is-tall") });
    p.css(box, { "--u": u.toFixed(4) + "px" });
    var first = p.slot(box, "first", "div", "hl-part"), second = p.slot(box, "second", "div", "hl-part");
    var room = (wide ? w * 0.46 : w) - 60 * u;
    drawHero(p.slot(first, "hero", "section", "hl-hero"), data, stage, room, u);
    drawThemes(p.slot(first, "themes", "section", "hl-themes"), data, stage, room, u);
    drawDays(p.slot(first, "past", "section", "hl-past"), data, room, u);
    room = (wide ? w * 0.54 : w) - 60 * u;
    drawActions(p.slot(second, "actions", "section", "hl-section"), data, picture, room, u);
    drawItems(p.slot(second, "items", "section", "hl-section"), data, picture, room, u);
    drawCounters(p.slot(second, "counters", "section", "hl-section hl-last"), data, room, u);
  }
  function size(px, u) { return Math.max(16, Math.round(px * u)); }

  function drawHero(hero, data, stage, room, u) {
    var kind = p.colour(data.o), said = p.letter(stage, data.o);
    p.put(hero, { class: "hl-hero " + kind });
    p.put(p.slot(p.slot(hero, "big", "span", "hl-big"), "sign", "i"), { class: p.sign(data.o, data.held) });
    var side = p.slot(hero, "side", "div", "hl-side");
    p.fit(p.slot(side, "word", "b", "hl-word"), data.word || said.word, room - 330 * u, size(190, u), size(60, u), 600);
    p.fit(p.slot(side, "name", "span", "hl-name"), data.name, room - 330 * u, size(50, u), size(28, u), 600);
    drawHeld(p.slot(hero, "held", "div", "hl-held"), data, room, u);
    p.say(hero, "why", "p", "hl-why", data.why);
    var marks = p.slot(hero, "marks", "div", "hl-marks");
    mark(marks, "score", wall.say("p_score"), p.known(data.score) ? Number(data.score).toFixed(1) : "–", "");
    mark(marks, "rank", wall.say("p_rank"), p.known(data.rank) ? data.rank : "–", p.known(data.of) ? wall.say("p_of", { n: data.of }) : "");
    var items = data.items || {};
    mark(marks, "open", wall.say("p_open"), p.known(items.open) ? items.open : "–", "");
    p.put(mark(marks, "late", wall.say("p_late"), p.known(items.late) ? items.late : "–", ""), { class: "hl-mark " + (items.late > 0 ? "is-late" : "") });
  }
  /* a red hard task holds the colour down, whatever the score: the lid, what it means, and which task */
  function drawHeld(line, data, room, u) {
    var themes = p.list(data.themes).filter(function (theme) { return theme.by; }).map(function (theme) { return theme.name; });
    var said = data.held ? wall.say("p_held") : themes.length ? wall.say("p_held_themes", { themes: themes.join(wall.say("p_comma")) }) : "";
    line.hidden = !said;
    p.put(p.slot(line, "sign", "i"), { class: p.sign("y", true) });
    p.fit(p.slot(line, "word", "b", "hl-held-word"), said, room * 0.5, size(32, u), 16, 600);
    p.fit(p.slot(line, "by", "span", "hl-held-by"), said ? data.by : "", room * 0.42, size(32, u), 16, 400);
  }
  function mark(host, name, label, value, after) {
    var one = p.slot(host, name, "span", "hl-mark");
    p.say(one, "label", "span", "", label);
    p.say(one, "value", "b", "", value);
    p.say(one, "after", "small", "", after);
    return one;
  }
  function drawThemes(box, data, stage, room, u) {
    var each = room / 4 - 12 * u - 70 * u;
    wall.keyed(box, p.list(data.themes), "c", function () { return wall.h("div", "hl-theme"); }, function (one, theme) {
      var kind = p.colour(theme.o);
      p.put(one, { class: "hl-theme " + kind });
      p.put(p.slot(one, "sign", "i"), { class: p.sign(theme.o, theme.by) });
      var side = p.slot(one, "side", "span", "hl-theme-side");
      p.fit(p.slot(side, "name", "span", "hl-theme-name"), theme.name, each, size(27, u), 16, 500);
      var word = p.letter(stage, theme.o).word + (theme.by ? " · " + wall.say("p_held_short") : "");
      p.fit(p.slot(side, "word", "em", ""), word, each, size(24, u), 16, 400);
    });
  }
  function drawDays(box, data, room, u) {
    box.hidden = !data.days;
    if (!box.hidden) {
      p.say(box, "title", "h4", "hl-title", wall.say("p_days"));
      p.strip(p.slot(box, "days", "div", "hl-days"), data.days, Math.round(room), Math.round(62 * u));
    }
  }
  function section(box, title) {
    p.say(box, "title", "h4", "hl-title", title);
    return p.slot(box, "list", "div", "hl-list");
  }
  function drawActions(box, data, picture, room, u) {
    var actions = p.list(data.actions).slice(0, 5), list = section(box, wall.say("p_next"));
    p.say(box, "none", "p", "hl-none", actions.length ? "" : wall.say("p_calm_next"));
    wall.keyed(list, actions, function (action, at) { return at; }, function () { return wall.h("div", "hl-action"); }, function (one, action, at) {
      p.say(one, "n", "b", "hl-step", at + 1);
      var gain = p.known(action.gain) && action.gain > 0 ? wall.say("p_gain", { n: action.gain }) : "", gainW = gain ? p.width(gain, size(26, u), 600) + 30 * u : 0;
      var side = p.slot(one, "side", "span", "hl-action-side");
      p.fit(p.slot(side, "text", "span", "hl-text"), action.text, room - gainW - 90 * u, size(32, u), size(22, u), 500);
      p.say(side, "until", "small", "", action.until ? wall.say("p_until", { at: p.moment(action.until, picture.now) }) : "");
      p.say(one, "gain", "b", "hl-gain", gain);
    });
  }
  function drawItems(box, data, picture, room, u) {
    var rows = p.list((data.items || {}).rows).slice(0, 5), list = section(box, wall.say("p_items_open"));
    p.say(box, "none", "p", "hl-none", rows.length ? "" : wall.say("p_calm_items"));
    wall.keyed(list, rows, "kind", function () { return wall.h("div", "hl-item"); }, function (one, row) {
      p.put(one, { class: "hl-item " + (row.late > 0 ? "is-late " : "") + (row.level === "red" ? "is-red" : "") });
      p.fit(p.slot(one, "kind", "span", "hl-kind"), row.kind, room * 0.36, size(28, u), 16, 400);
      p.say(one, "n", "b", "hl-n", p.known(row.n) ? wall.say("p_items", { n: row.n }) : "");
      p.say(one, "late", "span", "hl-late", row.late > 0 ? (row.level === "red" ? "■ " : "▲ ") + wall.say("p_late_n", { n: row.late }) : "");
      p.say(one, "oldest", "span", "hl-oldest", row.oldest && room > 800 * u ? wall.say("p_oldest_at", { at: p.moment(row.oldest, picture.now) }) : "");
    });
  }
  function drawCounters(box, data, room, u) {
    var items = p.list((data.counters || {}).items).slice(0, 4), list = section(box, (data.counters || {}).period);
    box.hidden = !items.length;
    p.css(list, { "--n": Math.max(1, items.length) });
    wall.keyed(list, items, "code", function () { return wall.h("div", "hl-counter"); }, function (one, item) {
      var each = room / items.length - 20 * u, yoy = item.yoy || {};
      p.fit(p.slot(one, "name", "span", "ct-name"), item.name, each, size(26, u), 16, 400);
      p.fit(p.slot(one, "value", "b", "hl-value"), (p.known(item.value) ? item.value : "–") + (item.unit ? " " + item.unit : ""), each, size(58, u), size(26, u), 600);
      var line = p.slot(one, "yoy", "span", "ct-change");
      p.put(line, { class: "ct-change " + ({ good: "is-good", bad: "is-bad" }[yoy.verdict] || "") });
      p.fit(line, yoy.text ? wall.say("p_yoy") + " " + yoy.text : "", each, size(22, u), 16, 500);
    });
  }
  wall.panels.station = { draw: draw };
})();
