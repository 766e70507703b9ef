/* The map: drawn on one canvas, once per change, from the district's own polygons; no tiles, nothing from
   another host. A station that is as it should be stays quiet; yellow and red ones stand out, with their sign
   and name. Names never lie over each other; red ones are placed first. */
(function () {
  "use strict";
  var wall = window.wall, p = wall.parts;
  var MOST_PIXELS = 16e6, MARGIN = 18, URGENT = { r: 0, y: 1, g: 2, b: 3 };
  var TOKENS = ("sunken surface line line-strong ink ink-2 red-solid red-soft yellow-solid yellow-soft blue-solid grey-solid map-land map-water map-green " +
    "map-road map-border map-name map-halo map-spot map-on-spot heat-1 heat-2 heat-3 heat-4 heat-5 heat-6 heat-7").split(" ");

  function tokens(node) {
    var style = window.getComputedStyle(node), found = { font: style.fontFamily };
    TOKENS.forEach(function (name) { found[name] = style.getPropertyValue("--" + name).trim(); });
    return found;
  }
  function kindOf(code) { return code === "r" || code === "y" || code === "b" ? code : "g"; }

  /* places to pixels: one scale for both directions, north up */
  function mercator(lat) { return Math.log(Math.tan(Math.PI / 4 + Math.max(-85, Math.min(85, lat)) * Math.PI / 360)) * 180 / Math.PI; }
  function projection(bounds, room) {
    var low = mercator(bounds[1]), high = mercator(bounds[3]);
    var wide = Math.max(1e-6, bounds[2] - bounds[0]), tall = Math.max(1e-6, high - low);
    var k = Math.min((room.right - room.left) / wide, (room.bottom - room.top) / tall);
    var left = (room.left + room.right - k * wide) / 2, top = (room.top + room.bottom - k * tall) / 2;
    var project = function (lng, lat) { return [left + k * (lng - bounds[0]), top + k * (high - mercator(lat))]; };
    project.k = k;
    return project;
  }
  function boundsOf(ground, data) {
    if (ground && p.list(ground.box).length === 4 && ground.box[2] > ground.box[0] && ground.box[3] > ground.box[1]) return ground.box;
    var places = p.list(data.stations).concat(p.list(data.spots)).filter(isPlaced);
    if (!places.length) return null;
    var lng = places.map(function (s) { return s.lng; }), lat = places.map(function (s) { return s.lat; });
    return [Math.min.apply(null, lng) - 0.01, Math.min.apply(null, lat) - 0.01, Math.max.apply(null, lng) + 0.01, Math.max.apply(null, lat) + 0.01];
  }
  function isPlaced(place) { return place && isFinite(place.lng) && isFinite(place.lat) && place.lng !== null && place.lat !== null; }

  /* the ground and the stations' areas ------------------------------------------------------------ */
  function trace(ctx, project, flat) {
    for (var at = 0; at + 1 < flat.length; at += 2) {
      var spot = project(flat[at], flat[at + 1]);
      if (at) ctx.lineTo(spot[0], spot[1]); else ctx.moveTo(spot[0], spot[1]);
    }
  }
  function outline(ctx, project, shape) {
    ctx.beginPath();
    p.list(shape.paths).forEach(function (flat) { trace(ctx, project, p.list(flat)); if (shape.closed) ctx.closePath(); });
  }
  function ofKind(ground, kind) { return p.list(ground && ground.shapes).filter(function (shape) { return shape && shape.k === kind; }); }
  function paintGround(ctx, project, ground, c) {
    ofKind(ground, "district").forEach(function (shape) { outline(ctx, project, shape); ctx.fillStyle = c["map-land"]; ctx.fill("evenodd"); });
    [["green", "map-green"], ["water", "map-water"]].forEach(function (pair) {
      ofKind(ground, pair[0]).forEach(function (shape) {
        outline(ctx, project, shape);
        ctx.fillStyle = ctx.strokeStyle = c[pair[1]];
        ctx.lineWidth = 3;
        if (shape.closed) ctx.fill("evenodd"); else ctx.stroke();
      });
    });
  }
  var AREA = { b: ["map-water", 0.35], g: ["grey-solid", 0.16], y: ["yellow-solid", 0.34], r: ["red-solid", 0.78] };
  function paintAreas(ctx, project, ground, states, c) {
    var shapes = ofKind(ground, "station");
    shapes.forEach(function (shape) {
      var look = AREA[kindOf(states[shape.c])];
      outline(ctx, project, shape);
      ctx.globalAlpha = look[1];
      ctx.fillStyle = c[look[0]];
      ctx.fill("evenodd");
    });
    ctx.globalAlpha = 1;
    ctx.lineJoin = "round";
    shapes.slice().sort(function (a, b) { return URGENT[kindOf(states[b.c])] - URGENT[kindOf(states[a.c])]; }).forEach(function (shape) {
      var kind = kindOf(states[shape.c]);
      outline(ctx, project, shape);
      ctx.strokeStyle = kind === "r" ? c["red-solid"] : kind === "y" ? c["yellow-solid"] : c["line-strong"];
      ctx.globalAlpha = kind === "r" || kind === "y" ? 1 : 0.7;
      ctx.lineWidth = kind === "r" ? 4 : kind === "y" ? 2.5 : 1;
      ctx.stroke();
    });
    ctx.globalAlpha = 1;
  }
  function paintRoads(ctx, project, ground, c) {
    ctx.globalAlpha = 0.55;
    ctx.lineCap = ctx.lineJoin = "round";
    ofKind(ground, "road").forEach(function (shape) { outline(ctx, project, shape); ctx.strokeStyle = c["map-road"]; ctx.lineWidth = 1.4; ctx.stroke(); });
    ctx.globalAlpha = 1;
    ofKind(ground, "district").forEach(function (shape) { outline(ctx, project, shape); ctx.strokeStyle = c["map-border"]; ctx.lineWidth = 2; ctx.stroke(); });
  }
  function paintHeat(ctx, project, heat, c) {
    p.list(heat && heat.tiles).forEach(function (tile) {
      if (!Array.isArray(tile) || tile.length < 9) return;
      var level = Math.max(1, Math.min(7, Math.round(tile[2]) || 1)), middle = project(tile[0], tile[1]);
      ctx.beginPath();
      for (var at = 3; at + 1 < tile.length; at += 2) {
        var corner = project(tile[at], tile[at + 1]);
        var x = middle[0] + (corner[0] - middle[0]) * 0.9, y = middle[1] + (corner[1] - middle[1]) * 0.9;
        if (at > 3) ctx.lineTo(x, y); else ctx.moveTo(x, y);
      }
      ctx.closePath();
      ctx.globalAlpha = 0.42 + 0.07 * level;
      ctx.fillStyle = c["heat-" + level];
      ctx.fill();
    });
    ctx.globalAlpha = 1;
  }

  /* signs and names ------------------------------------------------------------------------------- */
  function sign(ctx, kind, x, y, r, c) {
    ctx.beginPath();
    if (kind === "r") ctx.rect(x - r, y - r, 2 * r, 2 * r);
    else if (kind === "y") { ctx.moveTo(x, y - 1.15 * r); ctx.lineTo(x + 1.15 * r, y + 0.9 * r); ctx.lineTo(x - 1.15 * r, y + 0.9 * r); ctx.closePath(); }
    else ctx.arc(x, y, r, 0, 2 * Math.PI);
    ctx.lineWidth = kind === "r" || kind === "y" ? 4 : 2.5;
    ctx.strokeStyle = c["map-halo"];
    ctx.stroke();
    ctx.fillStyle = { r: c["red-solid"], y: c["yellow-solid"], b: c["blue-solid"], g: c["map-halo"] }[kind];
    ctx.fill();
    if (kind === "g" || kind === "r") { ctx.lineWidth = kind === "g" ? 2.5 : 2; ctx.strokeStyle = kind === "g" ? c["grey-solid"] : c.ink; ctx.stroke(); }
  }
  function free(taken, box) {
    return taken.every(function (other) { return box[0] > other[2] || box[2] < other[0] || box[1] > other[3] || box[3] < other[1]; });
  }
  function within(box, v) { return box[0] >= v.left + 2 && box[1] >= 2 && box[2] <= v.w - 2 && box[3] <= v.h - 2; }
  function label(ctx, said, x, y, c, strong) {
    ctx.lineWidth = strong ? 6 : 4;
    ctx.strokeStyle = c["map-halo"];
    ctx.lineJoin = "round";
    ctx.strokeText(said, x, y);
    ctx.fillStyle = strong ? c.ink : c["map-name"];
    ctx.fillText(said, x, y);
  }
  function paintSigns(ctx, v, project, stations, c, taken) {
    var ordered = stations.filter(isPlaced).map(function (station) {
      return { station: station, kind: kindOf(station.o), at: project(station.lng, station.lat) };
    }).sort(function (a, b) { return URGENT[a.kind] - URGENT[b.kind]; });
    ordered.forEach(function (one) {
      one.r = one.kind === "r" ? v.size * 0.62 : one.kind === "y" ? v.size * 0.46 : v.size * 0.24;
      taken.push([one.at[0] - one.r, one.at[1] - one.r, one.at[0] + one.r, one.at[1] + one.r]);
    });
    ordered.slice().reverse().forEach(function (one) { sign(ctx, one.kind, one.at[0], one.at[1], one.r, c); });
    return ordered;
  }
  function named(ctx, v, list, c, taken) {
    return list.reduce(function (sum, one) { return sum + paintName(ctx, v, one, c, taken); }, 0);
  }
  function paintName(ctx, v, one, c, taken) {
    var strong = one.kind === "r" || one.kind === "y", size = Math.round(one.kind === "r" ? v.size * 1.3 : strong ? v.size * 1.1 : v.size);
    ctx.font = (strong ? 600 : 400) + " " + size + "px " + c.font;
    var said = String(one.station.name || ""), x = one.at[0], y = one.at[1], gap = one.r + 5;
    var most = Math.max(size * 5, (v.w - v.left) * 0.24);
    if (ctx.measureText(said).width > most) said = p.cut(said, most, size, strong ? 600 : 400);
    var w = ctx.measureText(said).width, tall = size * 1.15;
    var tries = [[x + gap, y], [x - gap - w, y], [x - w / 2, y + gap + tall / 2], [x - w / 2, y - gap - tall / 2],
      [x + gap * 0.6, y + tall * 0.8], [x - gap * 0.6 - w, y - tall * 0.8], [x + gap * 0.6, y - tall * 0.8], [x - gap * 0.6 - w, y + tall * 0.8]];
    for (var at = 0; at < tries.length; at++) {
      var box = [tries[at][0] - 2, tries[at][1] - tall / 2, tries[at][0] + w + 2, tries[at][1] + tall / 2];
      if (!within(box, v) || !free(taken, box)) continue;
      taken.push(box);
      ctx.textBaseline = "middle";
      label(ctx, said, tries[at][0], tries[at][1] + size * 0.03, c, strong);
      return 1;
    }
    return 0;
  }
  /* a hot spot's number steps aside for a station's sign; a line leads to its place */
  function aside(at, r, taken, v) {
    for (var ring = 0; ring < 4; ring++) {
      for (var turn = 0; turn < (ring ? 12 : 1); turn++) {
        var x = at[0] + ring * r * 1.1 * Math.cos(turn * Math.PI / 6), y = at[1] + ring * r * 1.1 * Math.sin(turn * Math.PI / 6);
        if (free(taken, [x - r, y - r, x + r, y + r]) && within([x - r, y - r, x + r, y + r], v)) return [x, y];
      }
    }
    return at;
  }
  function paintSpots(ctx, v, project, spots, c, taken) {
    var r = Math.round(v.size * 0.72);
    ctx.textBaseline = "middle";
    ctx.textAlign = "center";
    ctx.font = "600 " + Math.round(v.size * 0.95) + "px " + c.font;
    spots.filter(isPlaced).slice(0, v.spots).forEach(function (spot) {
      var place = project(spot.lng, spot.lat), at = aside(place, r, taken, v);
      ctx.beginPath();
      ctx.moveTo(place[0], place[1]); ctx.lineTo(at[0], at[1]);
      ctx.lineWidth = 2; ctx.strokeStyle = c["map-spot"]; ctx.stroke();
      ctx.beginPath();
      ctx.arc(at[0], at[1], r, 0, 2 * Math.PI);
      ctx.lineWidth = 4; ctx.strokeStyle = c["map-halo"]; ctx.stroke();
      ctx.fillStyle = c["map-spot"]; ctx.fill();
      ctx.fillStyle = c["map-on-spot"];
      ctx.fillText(spot.rank, at[0], at[1] + 1);
      taken.push([at[0] - r, at[1] - r, at[0] + r, at[1] + r]);
    });
    ctx.textAlign = "left";
  }

  function paint(canvas, v, data, ground, c) {
    var ctx = canvas.getContext("2d"), bounds = boundsOf(ground, data), states = {}, taken = [];
    ctx.setTransform(v.ratio, 0, 0, v.ratio, 0, 0);
    ctx.clearRect(0, 0, v.w, v.h);
    if (!bounds) return;
    p.list(data.stations).forEach(function (station) { states[station.c] = station.o; });
    var project = projection(bounds, { left: v.left + MARGIN, top: MARGIN, right: v.w - MARGIN, bottom: v.h - v.bottom - MARGIN });
    paintGround(ctx, project, ground, c);
    paintRoads(ctx, project, ground, c);
    paintAreas(ctx, project, ground, states, c);
    paintHeat(ctx, project, data.heat, c);
    var ordered = paintSigns(ctx, v, project, p.list(data.stations), c, taken);
    var urgent = ordered.filter(function (one) { return one.kind === "r" || one.kind === "y"; }), quiet = ordered.slice(urgent.length);
    v.named = named(ctx, v, urgent, c, taken);
    paintSpots(ctx, v, project, p.list(data.spots), c, taken);
    v.named += named(ctx, v, quiet, c, taken);
  }

  wall.mapPaint = { paint: paint, tokens: tokens, isPlaced: isPlaced, most: MOST_PIXELS };
})();
