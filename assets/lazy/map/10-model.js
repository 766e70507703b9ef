/* What the map knows of one answer (components/incident_map.py), ready for drawing: places as world
   coordinates (Web Mercator, 0..1), classes of colour, an index for finding what is under the pointer. */
(function () {
  "use strict";
  var dcb = (window.dcb = window.dcb || {});
  var LEAST_PX = 11; /* a hexagon is never narrower, unless there is no coarser level */
  var EQUATOR = 40075016.686;
  var UNIT = 1e6; /* paths are kept in millionths of the world */

  function worldX(lng) { return lng / 360 + 0.5; }
  function worldY(lat) {
    var s = Math.sin(Math.max(-85, Math.min(85, lat)) * Math.PI / 180);
    return 0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI);
  }
  function lngOf(x) { return (x - 0.5) * 360; }
  function latOf(y) { return Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180 / Math.PI; }
  /* metres of one world unit at a place */
  function metres(y) { return EQUATOR * Math.cos(latOf(y) * Math.PI / 180); }

  function classOf(value, bounds) {
    var found = -1;
    while (found + 1 < bounds.length && value >= bounds[found + 1]) found++;
    return found;
  }
  /* n classes spread over the seven colours of the ramp: the highest is always the last */
  function rampStep(index, count) { return count < 2 ? 4 : Math.round(index * 6 / (count - 1)) + 1; }

  /* hexagons ---------------------------------------------------------------------------------- */
  function Level(raw) {
    var n = raw.lng.length, i;
    this.raw = raw;
    this.size = n;
    this.x = new Float64Array(n);
    this.y = new Float64Array(n);
    var sum = 0;
    for (i = 0; i < n; i++) {
      this.x[i] = worldX(raw.lng[i] / 1e6);
      this.y[i] = worldY(raw.lat[i] / 1e6);
      sum += raw.lat[i] / 1e6;
    }
    var lat = n ? sum / n : 0, y0 = worldY(lat);
    this.corners = (raw.corners || []).map(function (corner) {
      return [corner[0] / 360e6, worldY(lat + corner[1] / 1e6) - y0];
    });
    var xs = this.corners.map(function (c) { return c[0]; });
    this.width = xs.length ? Math.max.apply(null, xs) - Math.min.apply(null, xs) : 0;
    this.order = {};
  }
  /* for one side: [{key, at: Int32Array}] by colour, drawn one after the other */
  Level.prototype.groups = function (side) {
    if (!this.order[side]) this.order[side] = side === "change" ? this.byChange() : this.byCount(this.raw[side]);
    return this.order[side];
  };
  Level.prototype.byCount = function (values) {
    var bounds = this.raw.bounds || [1], lists = {}, i;
    if (!values) return [];
    for (i = 0; i < this.size; i++) {
      if (!values[i]) continue;
      var key = "heat-" + rampStep(Math.max(0, classOf(values[i], bounds)), bounds.length);
      (lists[key] = lists[key] || []).push(i);
    }
    return listed(lists);
  };
  Level.prototype.byChange = function () {
    var raw = this.raw, lists = {}, i;
    if (!raw.change || !raw.base) return this.byCount(raw.now);
    for (i = 0; i < this.size; i++) {
      var key = changeKey(raw.change[i], raw.now[i], raw.base[i], raw.change_bounds);
      if (key) (lists[key] = lists[key] || []).push(i);
    }
    return listed(lists);
  };
  function changeKey(sign, now, base, bounds) {
    if (!sign) return now || base ? "same" : null;
    var step = Math.max(0, classOf(Math.abs(now - base), bounds || [1])) + 1;
    return (sign > 0 ? "more-" : "fewer-") + Math.min(3, step);
  }
  function listed(lists) {
    return Object.keys(lists).sort().map(function (key) { return { key: key, at: Int32Array.from(lists[key]) }; });
  }
  /* the hexagon at a world point: the one whose centre is nearest, if near enough; -1 for none */
  Level.prototype.find = function (x, y) {
    var step = this.width || 1e-9, self = this, best = -1, least = Infinity;
    if (!this.grid) {
      this.grid = new Map();
      for (var i = 0; i < this.size; i++) {
        var key = Math.floor(this.x[i] / step) + ":" + Math.floor(this.y[i] / step);
        var list = this.grid.get(key);
        if (list) list.push(i); else this.grid.set(key, [i]);
      }
    }
    var cx = Math.floor(x / step), cy = Math.floor(y / step);
    function look(i) {
      var dx = self.x[i] - x, dy = self.y[i] - y, d = dx * dx + dy * dy;
      if (d < least) { least = d; best = i; }
    }
    for (var a = -1; a <= 1; a++) for (var b = -1; b <= 1; b++) (this.grid.get(cx + a + ":" + (cy + b)) || []).forEach(look);
    return Math.sqrt(least) <= step * 0.55 ? best : -1;
  };

  function pickLevel(levels, scale, rem) {
    for (var i = levels.length - 1; i >= 0; i--) if (levels[i].width * scale >= LEAST_PX * (rem || 1)) return levels[i];
    return levels[0] || null;
  }

  /* density for display: Gaussian of one bandwidth in metres, on a grid of its own, whatever the zoom ---- */
  function Density(level, bandwidth) {
    var at = extent(level), perMetre = 1 / metres((at[1] + at[3]) / 2), h = bandwidth * perMetre;
    var pad = 3.2 * h, w = at[2] - at[0] + 2 * pad, tall = at[3] - at[1] + 2 * pad;
    this.cell = Math.max(h / 4, Math.max(w, tall) / 1400);
    this.left = at[0] - pad;
    this.top = at[1] - pad;
    this.cols = Math.max(1, Math.ceil(w / this.cell));
    this.rows = Math.max(1, Math.ceil(tall / this.cell));
    this.level = level;
    this.weights = gauss(h / this.cell);
    this.km2 = Math.pow(this.cell / perMetre / 1000, 2);
    this.kept = {};
  }
  function extent(level) {
    var at = [Infinity, Infinity, -Infinity, -Infinity];
    for (var i = 0; i < level.size; i++) {
      at[0] = Math.min(at[0], level.x[i]); at[2] = Math.max(at[2], level.x[i]);
      at[1] = Math.min(at[1], level.y[i]); at[3] = Math.max(at[3], level.y[i]);
    }
    return at;
  }
  function gauss(sigma) {
    var reach = Math.max(1, Math.ceil(3 * sigma)), all = new Float32Array(2 * reach + 1), sum = 0, i;
    for (i = -reach; i <= reach; i++) sum += all[i + reach] = Math.exp(-i * i / (2 * sigma * sigma));
    for (i = 0; i < all.length; i++) all[i] /= sum;
    return all;
  }
  Density.prototype.of = function (side) {
    if (this.kept[side]) return this.kept[side];
    var cols = this.cols, rows = this.rows, grid = new Float32Array(cols * rows), values = this.level.raw[side] || [];
    for (var i = 0; i < this.level.size; i++) {
      if (!values[i]) continue;
      var c = Math.floor((this.level.x[i] - this.left) / this.cell), r = Math.floor((this.level.y[i] - this.top) / this.cell);
      grid[r * cols + c] += values[i];
    }
    grid = blur(grid, cols, rows, this.weights);
    var most = 0;
    for (i = 0; i < grid.length; i++) if (grid[i] > most) most = grid[i];
    return (this.kept[side] = { grid: grid, most: most });
  };
  /* across, then down: only where there is something to spread */
  function blur(grid, cols, rows, weights) {
    var reach = (weights.length - 1) / 2, across = new Float32Array(grid.length), down = new Float32Array(grid.length);
    for (var r = 0; r < rows; r++) for (var c = 0; c < cols; c++) {
      var v = grid[r * cols + c];
      if (v) for (var k = Math.max(-reach, -c); k <= Math.min(reach, cols - 1 - c); k++) across[r * cols + c + k] += v * weights[k + reach];
    }
    for (r = 0; r < rows; r++) {
      var from = Math.max(-reach, -r), to = Math.min(reach, rows - 1 - r);
      for (c = 0; c < cols; c++) {
        v = across[r * cols + c];
        if (v) for (k = from; k <= to; k++) down[(r + k) * cols + c] += v * weights[k + reach];
      }
    }
    return down;
  }

  /* boundaries and background ------------------------------------------------------------------- */
  function rings(geometry) {
    var c = geometry.coordinates;
    return { Polygon: function () { return c; }, MultiPolygon: function () { return [].concat.apply([], c); },
      LineString: function () { return [c]; }, MultiLineString: function () { return c; } };
  }
  function lines(geometry) {
    if (!geometry) return [];
    if (geometry.type === "Feature") return lines(geometry.geometry);
    if (geometry.type === "FeatureCollection") return [].concat.apply([], geometry.features.map(lines));
    if (geometry.type === "GeometryCollection") return [].concat.apply([], geometry.geometries.map(lines));
    var give = rings(geometry)[geometry.type];
    return give ? give() : [];
  }
  /* one shape as world lines with their box; null when it is broken */
  function Shape(raw) {
    var geometry = typeof raw.geojson === "string" ? JSON.parse(raw.geojson) : raw.geojson;
    this.kind = raw.kind;
    this.code = raw.code;
    this.name = raw.name || "";
    this.sketch = !!raw.sketch;
    this.box = [Infinity, Infinity, -Infinity, -Infinity];
    var box = this.box;
    this.lines = lines(geometry).map(function (line) {
      var flat = new Float64Array(line.length * 2);
      line.forEach(function (point, i) {
        var x = worldX(point[0]), y = worldY(point[1]);
        if (!isFinite(x) || !isFinite(y)) throw new Error("no place");
        flat[2 * i] = x; flat[2 * i + 1] = y;
        box[0] = Math.min(box[0], x); box[1] = Math.min(box[1], y);
        box[2] = Math.max(box[2], x); box[3] = Math.max(box[3], y);
      });
      return flat;
    });
  }
  Shape.prototype.holds = function (x, y) {
    var box = this.box, inside = false;
    if (x < box[0] || x > box[2] || y < box[1] || y > box[3]) return false;
    this.lines.forEach(function (p) {
      for (var i = 0, j = p.length - 2; i < p.length; j = i, i += 2) {
        if (p[i + 1] > y !== p[j + 1] > y && x < (p[j] - p[i]) * (y - p[i + 1]) / (p[j + 1] - p[i + 1]) + p[i]) inside = !inside;
      }
    });
    return inside;
  };
  Shape.prototype.path = function (origin) {
    if (!this.drawn) { this.drawn = new Path2D(); trace(this.drawn, this, origin); }
    return this.drawn;
  };
  function closed(p) { return p.length > 6 && p[0] === p[p.length - 2] && p[1] === p[p.length - 1]; }
  function trace(path, shape, origin, rings) {
    shape.lines.forEach(function (p) {
      if (rings && !closed(p)) return;
      for (var i = 0; i < p.length; i += 2) {
        var x = (p[i] - origin[0]) * UNIT, y = (p[i + 1] - origin[1]) * UNIT;
        if (i) path.lineTo(x, y); else path.moveTo(x, y);
      }
    });
  }
  /* where a name stands: the centre of gravity of the largest ring, pulled inside when it lies outside */
  Shape.prototype.middle = function () {
    if (this.centre) return this.centre;
    var best = null, most = 0;
    this.lines.forEach(function (p) {
      var area = 0, x = 0, y = 0, x0 = p[0], y0 = p[1];
      for (var i = 0, j = p.length - 2; i < p.length; j = i, i += 2) {
        var ax = p[j] - x0, ay = p[j + 1] - y0, bx = p[i] - x0, by = p[i + 1] - y0, cross = ax * by - bx * ay;
        area += cross; x += (ax + bx) * cross; y += (ay + by) * cross;
      }
      if (Math.abs(area) > most) { most = Math.abs(area); best = [x0 + x / (3 * area), y0 + y / (3 * area)]; }
    });
    best = best || [(this.box[0] + this.box[2]) / 2, (this.box[1] + this.box[3]) / 2];
    if (!this.holds(best[0], best[1])) best = this.inward(best);
    return (this.centre = best);
  };
  Shape.prototype.inward = function (near) {
    var box = this.box, best = near, least = Infinity;
    for (var i = 1; i < 16; i++) for (var j = 1; j < 16; j++) {
      var x = box[0] + (box[2] - box[0]) * i / 16, y = box[1] + (box[3] - box[1]) * j / 16;
      var d = Math.pow(x - near[0], 2) + Math.pow(y - near[1], 2);
      if (d < least && this.holds(x, y)) { least = d; best = [x, y]; }
    }
    return best;
  };

  /* Many small shapes of one kind as few paths: one for each square of the world they lie in. */
  function Chunks(shapes, origin) {
    var found = new Map(), side = 0.0004; /* about 14 km */
    shapes.forEach(function (shape) {
      var key = shape.code + ":" + Math.floor(shape.box[0] / side) + ":" + Math.floor(shape.box[1] / side);
      var chunk = found.get(key);
      if (!chunk) found.set(key, (chunk = { code: shape.code, path: new Path2D(), inside: new Path2D(), box: shape.box.slice() }));
      trace(chunk.path, shape, origin);
      trace(chunk.inside, shape, origin, true); /* a stream is a line: nothing to fill */
      for (var i = 0; i < 4; i++) chunk.box[i] = (i < 2 ? Math.min : Math.max)(chunk.box[i], shape.box[i]);
    });
    this.list = Array.from(found.values());
  }

  /* Shapes are fetched once for each address, by whichever map asks first. */
  var fetched = {};
  function shapes(url) {
    if (!fetched[url]) {
      fetched[url] = fetch(url, { credentials: "same-origin", headers: { Accept: "application/json" } }).then(function (response) {
        if (!response.ok) throw new Error(url + " " + response.status);
        return response.json();
      }).then(function (answer) {
        return (answer.shapes || []).map(function (raw) {
          try { return new Shape(raw); } catch (broken) { console.warn("map: shape " + raw.code); return null; }
        }).filter(function (shape) { return shape && shape.lines.length; });
      });
      fetched[url].catch(function () { delete fetched[url]; });
    }
    return fetched[url];
  }

  dcb.mapParts = { worldX: worldX, worldY: worldY, lngOf: lngOf, latOf: latOf, metres: metres, classOf: classOf, rampStep: rampStep,
    changeKey: changeKey, Level: Level, pickLevel: pickLevel, Density: Density, Shape: Shape, Chunks: Chunks, shapes: shapes, UNIT: UNIT };
})();
