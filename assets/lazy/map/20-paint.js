/* One canvas for everything but controls and pop-ups: background, colours, boundaries, rings, spots,
   points, names. It is a little larger than the map; moving is a CSS transform until the move ends. */
(function () {
  "use strict";
  var dcb = window.dcb, L = window.L, m = dcb.mapParts;
  var PAD = 0.12, BATCH = 16, FULL = 2 * Math.PI;
  var TOKENS = ("heat-1 heat-2 heat-3 heat-4 heat-5 heat-6 heat-7 more-1 more-2 more-3 fewer-1 fewer-2 fewer-3 map-same map-land " +
    "map-water map-green map-road map-road-edge map-rail map-building map-border map-border-2 map-name map-halo map-spot map-on-spot " +
    "map-ring map-point map-point-edge focus").split(" ");

  function readTokens(element) {
    var style = window.getComputedStyle(element), found = { font: style.fontFamily, rem: parseFloat(window.getComputedStyle(document.documentElement).fontSize) / 15 || 1 };
    TOKENS.forEach(function (name) { found[name] = style.getPropertyValue("--" + name).trim(); });
    return found;
  }

  /* the layer ------------------------------------------------------------------------------------ */
  var CanvasLayer = L.Layer.extend({
    initialize: function (paint) { this.paint = paint; },
    onAdd: function (map) {
      this.canvas = L.DomUtil.create("canvas", "imap-canvas leaflet-zoom-animated");
      this.canvas.setAttribute("aria-hidden", "true");
      map.getPanes().overlayPane.appendChild(this.canvas);
      this.draw();
    },
    onRemove: function () {
      window.cancelAnimationFrame(this.asked);
      this.asked = 0;
      this.canvas.width = this.canvas.height = 0;
      this.canvas.remove();
    },
    getEvents: function () {
      return { moveend: this.ask, viewreset: this.ask, resize: this.ask, zoom: this.onZoom, zoomanim: this.onAnim };
    },
    ask: function () {
      var self = this;
      if (!this.asked) this.asked = window.requestAnimationFrame(function () { self.draw(); });
    },
    onZoom: function () { this.place(this._map.getCenter(), this._map.getZoom()); },
    onAnim: function (event) { this.place(event.center, event.zoom); },
    place: function (center, zoom) {
      var scale = this._map.getZoomScale(zoom, this.zoom), half = this._map.getSize().multiplyBy(0.5 + PAD);
      var at = this._map.project(this.center, zoom);
      L.DomUtil.setTransform(this.canvas, half.multiplyBy(-scale).add(at).subtract(this._map._getNewPixelOrigin(center, zoom)), scale);
    },
    draw: function () {
      this.asked = 0;
      var map = this._map;
      if (!map || !map._loaded) return;
      var size = map.getSize(), ratio = Math.min(3, window.devicePixelRatio || 1);
      if (!size.x || !size.y) return;
      var from = map.containerPointToLayerPoint(size.multiplyBy(-PAD)).round();
      var w = Math.round(size.x * (1 + 2 * PAD)), tall = Math.round(size.y * (1 + 2 * PAD)), canvas = this.canvas;
      if (canvas.width !== Math.round(w * ratio) || canvas.height !== Math.round(tall * ratio)) {
        canvas.width = Math.round(w * ratio);
        canvas.height = Math.round(tall * ratio);
        canvas.style.width = w + "px";
        canvas.style.height = tall + "px";
      }
      this.center = map.getCenter();
      this.zoom = map.getZoom();
      L.DomUtil.setTransform(canvas, from, 1);
      var origin = map.getPixelOrigin().add(from), scale = 256 * Math.pow(2, this.zoom), ctx = canvas.getContext("2d");
      ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
      ctx.clearRect(0, 0, w, tall);
      this.paint(ctx, { zoom: this.zoom, scale: scale, left: origin.x, top: origin.y, w: w, h: tall, ratio: ratio,
        pad: [size.x * PAD, size.y * PAD], box: [origin.x / scale, origin.y / scale, (origin.x + w) / scale, (origin.y + tall) / scale] });
    }
  });

  function apart(box, view) { return box[0] > view[2] || box[2] < view[0] || box[1] > view[3] || box[3] < view[1]; }
  /* paths in millionths of the world: lengths in pixels are divided by what this gives */
  function worldly(ctx, v, origin) {
    var k = v.scale / m.UNIT;
    ctx.setTransform(v.ratio * k, 0, 0, v.ratio * k, v.ratio * (origin[0] * v.scale - v.left), v.ratio * (origin[1] * v.scale - v.top));
    return k;
  }
  function plainly(ctx, v) { ctx.setTransform(v.ratio, 0, 0, v.ratio, 0, 0); ctx.globalAlpha = 1; ctx.setLineDash([]); }

  /* the ground ----------------------------------------------------------------------------------- */
  function ground(ctx, v, chunks, origin, c) {
    var k = worldly(ctx, v, origin), wide = Math.max(0.7, Math.min(14, Math.pow(1.5, v.zoom - 12) * 1.5)) * c.rem;
    function each(code, act) { chunks.list.forEach(function (chunk) { if (chunk.code === code && !apart(chunk.box, v.box)) act(chunk.path, chunk.inside); }); }
    ctx.lineJoin = ctx.lineCap = "round";
    [["green", "map-green"], ["water", "map-water"]].forEach(function (pair) {
      ctx.fillStyle = ctx.strokeStyle = c[pair[1]];
      ctx.lineWidth = wide * 0.8 / k;
      each(pair[0], function (path, inside) { ctx.fill(inside, "evenodd"); if (pair[0] === "water") ctx.stroke(path); });
    });
    if (v.zoom >= 14) { ctx.fillStyle = c["map-building"]; each("building", function (path, inside) { ctx.fill(inside, "evenodd"); }); }
    if (v.zoom >= 11.5) {
      ctx.strokeStyle = c["map-road-edge"];
      ctx.lineWidth = (wide + 1.6) / k;
      each("road", function (path) { ctx.stroke(path); });
    }
    ctx.strokeStyle = v.zoom >= 11.5 ? c["map-road"] : c["map-road-edge"];
    ctx.lineWidth = wide / k;
    each("road", function (path) { ctx.stroke(path); });
    ctx.strokeStyle = c["map-rail"];
    ctx.lineWidth = Math.max(1, wide * 0.5) / k;
    ctx.setLineDash([7 / k, 4 / k]);
    each("rail", function (path) { ctx.stroke(path); });
    plainly(ctx, v);
  }

  /* roads shine through what is laid over them, so that a place can be told */
  function roadsAbove(ctx, v, chunks, origin, c) {
    if (v.zoom < 12.5) return;
    var k = worldly(ctx, v, origin);
    ctx.globalAlpha = 0.4;
    ctx.strokeStyle = c["map-road-edge"];
    ctx.lineWidth = Math.max(0.8, Math.min(5, Math.pow(1.5, v.zoom - 13))) / k;
    chunks.list.forEach(function (chunk) { if (chunk.code === "road" && !apart(chunk.box, v.box)) ctx.stroke(chunk.path); });
    plainly(ctx, v);
  }

  /* hexagons ------------------------------------------------------------------------------------- */
  function hexagons(ctx, v, level, side, c, faint) {
    var reach = level.width * v.scale, part = (1 - 1.3 / Math.max(8, reach)) * v.scale; /* a gap of a hair */
    var shape = level.corners.map(function (corner) { return [corner[0] * part, corner[1] * part]; });
    if (shape.length < 3) return 0;
    var drawn = 0;
    level.groups(side).forEach(function (group) {
      var same = group.key === "same";
      ctx.globalAlpha = faint ? 0.4 : same ? 0.6 : 0.88;
      ctx.fillStyle = same ? hatch(ctx, c) : c[group.key];
      ctx.strokeStyle = c["map-same"];
      ctx.lineWidth = 0.7;
      drawn += batch(ctx, v, level, group.at, shape, reach, same);
    });
    plainly(ctx, v);
    return drawn;
  }
  /* few to a path: the cost of a path grows faster than its length */
  function batch(ctx, v, level, at, shape, reach, outlined) {
    var corners = shape.length, held = 0, drawn = 0;
    var cx = shape.map(function (p) { return p[0]; }), cy = shape.map(function (p) { return p[1]; });
    function flush() { if (held) { ctx.fill(); if (outlined) ctx.stroke(); drawn += held; held = 0; } }
    ctx.beginPath();
    for (var n = 0; n < at.length; n++) {
      var x = level.x[at[n]] * v.scale - v.left, y = level.y[at[n]] * v.scale - v.top;
      if (x < -reach || y < -reach || x > v.w + reach || y > v.h + reach) continue;
      ctx.moveTo(x + cx[0], y + cy[0]);
      for (var k = 1; k < corners; k++) ctx.lineTo(x + cx[k], y + cy[k]);
      ctx.closePath();
      if (++held >= BATCH) { flush(); ctx.beginPath(); }
    }
    flush();
    return drawn;
  }
  /* what cannot be told from chance: hatched, without colour */
  function hatch(ctx, c) {
    if (c.hatch) return c.hatch;
    var tile = document.createElement("canvas"), pen;
    tile.width = tile.height = 6;
    pen = tile.getContext("2d");
    pen.strokeStyle = c["map-same"];
    pen.globalAlpha = 0.45;
    pen.lineWidth = 1;
    pen.beginPath();
    [-6, 0, 6].forEach(function (d) { pen.moveTo(d - 1, 7); pen.lineTo(d + 7, -1); });
    pen.stroke();
    return (c.hatch = ctx.createPattern(tile, "repeat"));
  }
  function outlines(ctx, v, level, at, c) {
    var shape = level.corners.map(function (corner) { return [corner[0] * v.scale, corner[1] * v.scale]; });
    ctx.beginPath();
    at.forEach(function (i) {
      shape.forEach(function (p, k) {
        var x = level.x[i] * v.scale - v.left + p[0], y = level.y[i] * v.scale - v.top + p[1];
        if (k) ctx.lineTo(x, y); else ctx.moveTo(x, y);
      });
      ctx.closePath();
    });
    ctx.strokeStyle = c["map-halo"]; ctx.lineWidth = 4; ctx.stroke();
    ctx.strokeStyle = c["map-spot"]; ctx.lineWidth = 2; ctx.stroke();
  }

  /* density -------------------------------------------------------------------------------------- */
  function density(ctx, v, field, side, most, c) {
    var kept = field.of(side), stamp = side + ":" + most + ":" + c["heat-1"] + c["heat-7"];
    if (kept.stamp !== stamp) { kept.picture = picture(field, kept.grid, most, c); kept.stamp = stamp; }
    ctx.imageSmoothingEnabled = true;
    ctx.imageSmoothingQuality = "high";
    ctx.globalAlpha = 0.86;
    ctx.drawImage(kept.picture, field.left * v.scale - v.left, field.top * v.scale - v.top, field.cols * field.cell * v.scale, field.rows * field.cell * v.scale);
    plainly(ctx, v);
  }
  function picture(field, grid, most, c) {
    var canvas = document.createElement("canvas");
    canvas.width = field.cols;
    canvas.height = field.rows;
    var pen = canvas.getContext("2d"), image = pen.createImageData(field.cols, field.rows), out = image.data, ramp = rampOf(c);
    for (var i = 0; i < grid.length; i++) {
      var t = most ? Math.sqrt(grid[i] / most) : 0; /* root: the quiet parts stay visible */
      if (t < 0.1) continue;
      var at = Math.min(255, Math.round(t * 255)) * 3;
      out[4 * i] = ramp[at]; out[4 * i + 1] = ramp[at + 1]; out[4 * i + 2] = ramp[at + 2];
      out[4 * i + 3] = Math.min(255, (t - 0.1) * 900);
    }
    pen.putImageData(image, 0, 0);
    return canvas;
  }
  function rampOf(c) {
    var canvas = document.createElement("canvas"), found = new Uint8ClampedArray(256 * 3);
    canvas.width = 256; canvas.height = 1;
    var pen = canvas.getContext("2d"), blend = pen.createLinearGradient(0, 0, 256, 0);
    for (var i = 1; i <= 7; i++) blend.addColorStop((i - 1) / 6, c["heat-" + i]);
    pen.fillStyle = blend;
    pen.fillRect(0, 0, 256, 1);
    var data = pen.getImageData(0, 0, 256, 1).data;
    for (i = 0; i < 256; i++) { found[3 * i] = data[4 * i]; found[3 * i + 1] = data[4 * i + 1]; found[3 * i + 2] = data[4 * i + 2]; }
    return found;
  }

  /* stations and districts ------------------------------------------------------------------------ */
  function areas(ctx, v, shapes, keyOf, origin, c) {
    var k = worldly(ctx, v, origin);
    shapes.forEach(function (shape) {
      var key = keyOf(shape);
      if (!key || apart(shape.box, v.box)) return;
      ctx.fillStyle = key === "same" ? hatch(ctx, c) : c[key];
      ctx.globalAlpha = key === "same" ? 1 : 0.8;
      if (key === "same") { /* a pattern must not grow with the map */
        ctx.save(); ctx.clip(shape.path(origin), "evenodd"); plainly(ctx, v); ctx.fillRect(0, 0, v.w, v.h); ctx.restore();
      } else ctx.fill(shape.path(origin), "evenodd");
    });
    ctx.globalAlpha = 1;
    plainly(ctx, v);
    return k;
  }
  function borders(ctx, v, shapes, origin, c, look) {
    var k = worldly(ctx, v, origin);
    ctx.lineJoin = "round";
    shapes.forEach(function (shape) {
      if (apart(shape.box, v.box)) return;
      ctx.setLineDash(shape.sketch && look.thin ? [6 / k, 4 / k] : []);
      ctx.strokeStyle = look.thin ? c["map-border"] : c["map-border-2"];
      ctx.lineWidth = (look.thin ? 1 : 1.6) * c.rem / k;
      ctx.stroke(shape.path(origin));
    });
    shapes.forEach(function (shape) {
      if (!look.chosen || look.chosen.indexOf(shape.code) < 0) return;
      ctx.setLineDash([]);
      ctx.strokeStyle = c["map-halo"]; ctx.lineWidth = 5 * c.rem / k; ctx.stroke(shape.path(origin));
      ctx.strokeStyle = c["map-spot"]; ctx.lineWidth = 2.5 * c.rem / k; ctx.stroke(shape.path(origin));
    });
    plainly(ctx, v);
  }
  /* units without a boundary: a disc whose area says the number */
  function discs(ctx, v, list, most, c) {
    list.forEach(function (one) {
      var x = one.x * v.scale - v.left, y = one.y * v.scale - v.top, r = 6 + 22 * Math.sqrt(most ? one.value / most : 0);
      ctx.beginPath();
      ctx.arc(x, y, r * c.rem, 0, FULL);
      ctx.globalAlpha = 0.8;
      ctx.fillStyle = one.key === "same" ? hatch(ctx, c) : c[one.key] || c["map-same"];
      ctx.fill();
      ctx.globalAlpha = 1;
      ctx.strokeStyle = c["map-border-2"];
      ctx.lineWidth = 1.6;
      ctx.stroke();
    });
  }

  /* rings, spots, points --------------------------------------------------------------------------- */
  function circles(ctx, v, place, c) {
    var x = place.x * v.scale - v.left, y = place.y * v.scale - v.top, perMetre = v.scale / m.metres(place.y);
    ctx.strokeStyle = c["map-ring"];
    ctx.fillStyle = c["map-ring"];
    place.m.forEach(function (metres) {
      ctx.beginPath();
      ctx.arc(x, y, metres * perMetre, 0, FULL);
      ctx.globalAlpha = 0.05; ctx.fill();
      ctx.globalAlpha = 1; ctx.lineWidth = 1.5 * c.rem; ctx.setLineDash([6, 4]); ctx.stroke();
    });
    ctx.setLineDash([]);
    ctx.beginPath();
    ctx.arc(x, y, 4 * c.rem, 0, FULL);
    ctx.fill();
    ctx.strokeStyle = c["map-halo"]; ctx.lineWidth = 1.5; ctx.stroke();
    place.m.forEach(function (metres, i) {
      if (metres * perMetre > 26) text(ctx, (place.labels || [])[i] || "", x, y - metres * perMetre, 12 * c.rem, c, 600);
    });
    plainly(ctx, v);
  }
  function spots(ctx, v, list, c, taken) {
    list.slice().reverse().forEach(function (spot) {
      var x = spot.x * v.scale - v.left, y = spot.y * v.scale - v.top;
      var r = spot.m * v.scale / m.metres(spot.y), size = 9.5 * c.rem;
      if (x < -r || y < -r || x > v.w + r || y > v.h + r) return;
      if (r > size * 1.2) {
        ctx.beginPath(); ctx.arc(x, y, r, 0, FULL);
        ctx.strokeStyle = c["map-halo"]; ctx.lineWidth = 4; ctx.stroke();
        ctx.strokeStyle = c["map-spot"]; ctx.lineWidth = 2; ctx.setLineDash(spot.kind === "local" ? [5, 3] : []); ctx.stroke(); ctx.setLineDash([]);
      }
      disc(ctx, x, y, size, spot, c);
      taken.push([x - size - 2, y - size - 2, x + size + 2, y + size + 2]);
    });
  }
  /* by rule: a full disc; by statistic: an empty one; with a record: a square */
  function disc(ctx, x, y, size, spot, c) {
    ctx.beginPath();
    if (spot.kind === "record") ctx.rect(x - size * 0.9, y - size * 0.9, size * 1.8, size * 1.8); else ctx.arc(x, y, size, 0, FULL);
    ctx.fillStyle = spot.kind === "local" ? c["map-halo"] : c["map-spot"];
    ctx.fill();
    ctx.strokeStyle = spot.kind === "local" ? c["map-spot"] : c["map-halo"];
    ctx.lineWidth = 1.8;
    ctx.stroke();
    ctx.font = "600 " + 11.5 * c.rem + "px " + c.font;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillStyle = spot.kind === "local" ? c["map-spot"] : c["map-on-spot"];
    ctx.fillText(spot.text, x, y + 0.5);
  }
  /* A hundred thousand dots are set pixel by pixel: one call of the canvas for each takes seconds. */
  function dots(ctx, v, points, c, kept) {
    var w = ctx.canvas.width, tall = ctx.canvas.height, r = Math.max(2, Math.min(5.5, (v.zoom - 11) * 1.1)) * c.rem * v.ratio;
    if (!kept.sheet || kept.sheet.width !== w || kept.sheet.height !== tall) {
      kept.sheet = document.createElement("canvas");
      kept.sheet.width = w;
      kept.sheet.height = tall;
      kept.pen = kept.sheet.getContext("2d");
      kept.image = kept.pen.createImageData(w, tall);
      kept.pixels = new Uint32Array(kept.image.data.buffer);
    }
    kept.pixels.fill(0);
    var dot = stamp(c, r), reach = dot.reach, scale = v.scale * v.ratio, left = v.left * v.ratio, top = v.top * v.ratio;
    for (var i = 0; i < points.n; i++) {
      var x = Math.round(points.x[i] * scale - left), y = Math.round(points.y[i] * scale - top);
      if (x >= reach && y >= reach && x < w - reach && y < tall - reach) press(kept.pixels, y * w + x, w, dot);
    }
    kept.pen.putImageData(kept.image, 0, 0);
    ctx.drawImage(kept.sheet, 0, 0, v.w, v.h);
  }
  function press(pixels, at, w, dot) {
    for (var k = 0; k < dot.n; k++) {
      var i = at + dot.dy[k] * w + dot.dx[k], share = dot.share[k], under = pixels[i];
      pixels[i] = share > 250 || !under ? dot.colour[k] : mix(under, dot.colour[k], share);
    }
  }
  function mix(under, over, share) {
    var rest = 255 - share, alpha = Math.max(under >>> 24, over >>> 24);
    return ((alpha << 24) | (((((under >>> 16) & 255) * rest + ((over >>> 16) & 255) * share) / 255) << 16) |
      (((((under >>> 8) & 255) * rest + ((over >>> 8) & 255) * share) / 255) << 8) | (((under & 255) * rest + (over & 255) * share) / 255)) >>> 0;
  }
  /* the pixels of one dot: a disc with a thin edge, as the browser draws it */
  function stamp(c, r) {
    if (c.dot && c.dot.r === r) return c.dot;
    var reach = Math.ceil(r + 2), side = 2 * reach + 1, dot = { r: r, reach: reach, n: 0, dx: [], dy: [], colour: [], share: [] };
    var tile = document.createElement("canvas"), pen;
    tile.width = tile.height = side;
    pen = tile.getContext("2d");
    pen.beginPath();
    pen.arc(reach + 0.5, reach + 0.5, r, 0, FULL);
    pen.fillStyle = c["map-point"];
    pen.fill();
    pen.strokeStyle = c["map-point-edge"];
    pen.lineWidth = Math.max(0.8, r / 4);
    pen.stroke();
    var image = pen.getImageData(0, 0, side, side), words = new Uint32Array(image.data.buffer);
    for (var i = 0; i < words.length; i++) if (image.data[4 * i + 3] > 20) {
      dot.dx.push(i % side - reach);
      dot.dy.push(Math.floor(i / side) - reach);
      dot.colour.push(words[i]);
      dot.share.push(image.data[4 * i + 3]);
      dot.n++;
    }
    return (c.dot = dot);
  }

  /* names ------------------------------------------------------------------------------------------ */
  function text(ctx, words, x, y, size, c, weight) {
    ctx.font = (weight || 500) + " " + size + "px " + c.font;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.lineJoin = "round";
    ctx.strokeStyle = c["map-halo"];
    ctx.lineWidth = 3.5 * c.rem;
    ctx.strokeText(words, x, y);
    ctx.fillStyle = c["map-name"];
    ctx.fillText(words, x, y);
  }
  /* a name gives way to what is already there; larger ones come first */
  function names(ctx, v, list, c, taken) {
    list.forEach(function (one) {
      var size = (one.small ? 12.5 : 15) * c.rem, x = one.x * v.scale - v.left, y = one.y * v.scale - v.top;
      if (x < 0 || y < 0 || x > v.w || y > v.h) return;
      ctx.font = (one.small ? 500 : 600) + " " + size + "px " + c.font;
      var half = ctx.measureText(one.text).width / 2 + 3, box = null;
      [0, -1.5, 1.5].some(function (step) {
        var at = y + step * size, wanted = [x - half, at - size * 0.65, x + half, at + size * 0.65];
        if (taken.some(function (other) { return !apart(wanted, other); })) return false;
        box = wanted;
        return true;
      });
      if (!box) return;
      taken.push(box);
      text(ctx, one.text, x, (box[1] + box[3]) / 2, size, c, one.small ? 500 : 600);
    });
  }

  dcb.mapPaint = { readTokens: readTokens, CanvasLayer: CanvasLayer, ground: ground, roadsAbove: roadsAbove, hexagons: hexagons, outlines: outlines, density: density,
    areas: areas, borders: borders, discs: discs, circles: circles, spots: spots, dots: dots, names: names };
})();
