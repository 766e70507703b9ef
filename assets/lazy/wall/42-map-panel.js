/* The map's panel: the canvas (41-map.js) is painted when something it shows has changed; legend and hot spots
   are text beside it, so that nothing lies over the district. */
(function () {
  "use strict";
  var wall = window.wall, p = wall.parts, m = wall.mapPaint;

  function draw(node, panel, picture, stage) {
    var data = (panel && panel.data) || {}, w = node.clientWidth, h = node.clientHeight;
    if (w < 80 || h < 80) return;
    var ground = data.ground && typeof wall.ground === "function" ? wall.ground(data.ground) : null;
    var placed = p.list(data.stations).filter(m.isPlaced).length, shapes = ground && p.list(ground.shapes).length;
    if (p.calm(node, placed || shapes ? "" : wall.say("p_calm_map"))) { forget(node); return; }
    var beside = w > h * 1.12 && w > 620, v = { w: w, h: h, left: beside ? Math.round(Math.max(226, Math.min(280, w * 0.2))) : 0 };
    v.spots = beside ? Math.max(0, Math.min(9, Math.floor((h - 246) / 30))) : 5;
    drawLegend(node, data, stage, v, beside);
    v.bottom = beside ? 0 : node.wallSlots.legend.offsetHeight + 4;
    v.size = Math.round(Math.max(17, Math.min(26, Math.min(w, h) / 38)));
    v.ratio = Math.min(stage.scale || 1, Math.sqrt(m.most / (w * h)));
    var canvas = p.slot(node, "canvas", "canvas", "mp-canvas");
    var stamp = [w, h, v.left, v.bottom, v.ratio, ground ? data.ground : "", document.documentElement.lang, JSON.stringify([data.stations, data.spots, data.heat])].join("|");
    if (node.wallStamp === stamp) return;
    sized(canvas, v);
    m.paint(canvas, v, data, ground, m.tokens(node));
    node.wallStamp = stamp;
    node.wallNamed = v.named || 0;
  }
  function sized(canvas, v) {
    var wide = Math.round(v.w * v.ratio), tall = Math.round(v.h * v.ratio);
    if (canvas.width !== wide || canvas.height !== tall) { canvas.width = wide; canvas.height = tall; }
    p.css(canvas, { width: v.w + "px", height: v.h + "px" });
  }
  function forget(node) {
    var canvas = node.wallSlots && node.wallSlots.canvas;
    if (canvas) canvas.width = canvas.height = 0;
    node.wallStamp = "";
  }

  function drawLegend(node, data, stage, v, beside) {
    var box = p.slot(node, "legend", "div", "mp-legend");
    p.put(box, { class: "mp-legend " + (beside ? "is-beside" : "is-below") });
    p.css(box, { "--legend": v.left - 22 + "px" });
    var heat = data.heat || {}, tiles = p.list(heat.tiles).length, labels = p.list(heat.labels);
    drawStates(p.slot(box, "states", "div", "mp-states"), data, stage);
    var spots = p.slot(box, "spots", "div", "mp-spots");
    drawSpots(spots, beside ? p.list(data.spots).slice(0, v.spots) : [], p.list(data.spots).length);
    var ramp = p.slot(box, "heat", "div", "mp-heat");
    ramp.hidden = !tiles;
    p.say(ramp, "title", "span", "mp-title", heat.title);
    wall.keyed(p.slot(ramp, "steps", "div", "mp-steps"), [1, 2, 3, 4, 5, 6, 7], function (step) { return step; }, function (step) { return wall.h("span", "mp-step heat-" + step); }, function (one, step) {
      p.text(one, leastOf(labels[step - 1]));
    });
    p.say(ramp, "period", "span", "mp-period", data.period);
  }
  /* "10–28", "≥259" and 10 all begin with the smallest number of a step: the scale says only this */
  function leastOf(label) { return (String(p.known(label) ? label : "").match(/\d[\d,.]*/) || [""])[0]; }
  function drawStates(box, data, stage) {
    var counts = { r: 0, y: 0, b: 0, g: 0 };
    p.list(data.stations).forEach(function (station) { counts[{ r: "r", y: "y", b: "b" }[station.o] || "g"] += 1; });
    wall.keyed(box, ["r", "y", "b", "g"], function (code) { return code; }, function () { return wall.h("span", "mp-state"); }, function (one, code) {
      p.put(p.slot(one, "sign", "i"), { class: "sg " + p.colour(code) });
      p.say(one, "word", "span", "", p.letter(stage, code).word);
      p.say(one, "n", "b", "", counts[code]);
    });
  }
  function drawSpots(box, spots, all) {
    box.hidden = !spots.length;
    p.say(box, "title", "span", "mp-title", spots.length < all ? wall.say("p_spots_some", { all: all, n: spots.length }) : wall.say("p_spots"));
    wall.keyed(p.slot(box, "list", "div"), spots, "rank", function () { return wall.h("div", "mp-spot"); }, function (one, spot) {
      p.say(one, "rank", "b", "", spot.rank);
      p.fit(p.slot(one, "name", "span"), spot.name, box.clientWidth - 34 || 180, 18, 16, 400);
    });
  }

  wall.panels.map = { draw: draw };
})();
