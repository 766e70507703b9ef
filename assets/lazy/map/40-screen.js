/* The whole screen: one or two panes that move together, the legend below, the state in the address.
   A new answer is taken over by what stands; the map itself is never made anew. */
(function () {
  "use strict";
  var dcb = window.dcb, L = window.L, m = dcb.mapParts, paint = dcb.mapPaint, dom = dcb.mapDom, el = dom.el, fill = dom.fill;
  var ROOM = 14, VIEW_MS = 250, HERE_M = 30;

  function Screen(root, words) {
    var self = this;
    this.root = root;
    this.words = words;
    this.path = window.location.pathname;
    this.payload = {};
    this.panes = [];
    this.empty();
    root.textContent = "";
    this.panes_el = el("div", "imap-panes");
    this.foot = el("div", "imap-foot");
    this.blank = el("p", "imap-empty");
    this.blank.hidden = true;
    this.panes_el.appendChild(this.blank);
    root.appendChild(this.panes_el);
    root.appendChild(this.foot);
    this.looks = new MutationObserver(function () { self.colours = null; self.redraw(); });
    this.looks.observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme", "data-dcb-palette"] });
    this.sizes = new ResizeObserver(function () { self.resize(); });
    this.sizes.observe(this.panes_el);
  }
  Screen.prototype.empty = function () {
    this.levels = [];
    this.spots = [];
    this.names = [];
    this.hot = [];
    this.rings = this.field = null;
    this.byCode = {};
    this.discList = [];
  };
  Screen.prototype.tokens = function () { return this.colours || (this.colours = paint.readTokens(this.root)); };
  Screen.prototype.warn = function (what, error) {
    if (this.warned === what) return; /* once, not with every picture */
    this.warned = what;
    console.warn("map: " + what + ": " + (error && error.message));
  };

  /* a new answer --------------------------------------------------------------------------------- */
  Screen.prototype.show = function (payload) {
    if (!payload || this.gone) return;
    var from = performance.now();
    this.empty();
    this.payload = payload;
    this.warned = null;
    this.drawnLevel = undefined;
    if (!this.origin) this.origin = originOf(payload.bounds);
    this.take(["takeLevels", "takeAreas", "takeHot", "takeMarks", "takeNames"]);
    this.setPanes(payload.side === "both" ? 2 : 1);
    this.blank.hidden = !this.isEmpty();
    this.blank.textContent = payload.empty || this.words.empty || "";
    this.askShapes();
    /* other stations or districts than before: the map goes there; any other filter leaves it where it is */
    var units = (payload.chosen || []).join();
    this.fit(this.units !== undefined && this.units !== units);
    this.units = units;
    this.panes.forEach(function (pane) { if (!pane.el.hidden) pane.refresh(); });
    this.took = performance.now() - from;
  };
  function originOf(bounds) {
    return bounds ? [m.worldX((bounds[0] + bounds[2]) / 2), m.worldY((bounds[1] + bounds[3]) / 2)] : [m.worldX(105), m.worldY(33)];
  }
  Screen.prototype.takeLevels = function (payload) {
    var self = this;
    (payload.levels || []).forEach(function (raw) {
      try { self.levels.push(new m.Level(raw)); } catch (broken) { self.warn("level", broken); }
    });
  };
  /* cells found by statistic, given by position in their level or by centre */
  Screen.prototype.takeHot = function (payload) {
    var self = this;
    (payload.hot_cells || []).concat((this.marks || {}).hot_cells || []).forEach(function (hot) {
      var level = self.levels.filter(function (one) { return one.raw.res === hot.res; })[0];
      if (!level) return;
      var at = hot.lng.map(function (lng, i) { return level.find(m.worldX(lng / 1e6), m.worldY(hot.lat[i] / 1e6)); });
      self.hot.push({ level: level, at: at.filter(function (i) { return i >= 0 && i < level.size; }) });
    });
  };
  /* marks may come later than the answer they belong to */
  Screen.prototype.mark = function (marks) {
    if (this.gone || (this.marks || null) === (marks || null)) return;
    this.marks = marks;
    this.hot = [];
    this.take(["takeHot", "takeMarks"]);
    this.redraw();
  };
  Screen.prototype.take = function (steps) {
    var self = this;
    steps.forEach(function (step) {
      try { self[step](self.payload); } catch (broken) { self.warn(step, broken); }
    });
  };
  Screen.prototype.takeAreas = function (payload) {
    var self = this;
    ((payload.areas || {}).rows || []).forEach(function (row) { self.byCode[row.code] = row; });
  };
  Screen.prototype.takeMarks = function (payload) {
    this.spots = (payload.spots || []).concat((this.marks || {}).spots || []).map(function (spot) {
      return { x: m.worldX(spot.lng), y: m.worldY(spot.lat), m: spot.m || 0, text: String(spot.text || ""), kind: spot.kind, href: spot.href, tip: spot.tip || "" };
    });
    var rings = payload.rings;
    this.rings = rings ? { x: m.worldX(rings.lng), y: m.worldY(rings.lat), m: rings.m || [], labels: rings.labels } : null;
  };
  Screen.prototype.takeNames = function (payload) {
    var self = this, found = (payload.labels || []).map(function (one) {
      return { x: m.worldX(one.lng), y: m.worldY(one.lat), text: one.text, small: one.small };
    });
    (this.shapes || []).forEach(function (shape) {
      var at = shape.middle(), words = (payload.names || {})[shape.code] || shape.name;
      if (words) found.push({ x: at[0], y: at[1], text: words, small: shape.kind !== "district" });
    });
    self.names = found.sort(function (a, b) { return (a.small ? 1 : 0) - (b.small ? 1 : 0); });
  };
  Screen.prototype.isEmpty = function () {
    return !this.levels.some(function (level) { return level.size; }) && !this.spots.length && !this.rings;
  };
  Screen.prototype.setPanes = function (many) {
    while (this.panes.length < many) {
      var fresh = new dcb.MapPane(this, this.panes.length), first = this.panes[0];
      this.panes.push(fresh);
      if (first && first.map._loaded) this.start(fresh, first.map.getCenter(), first.map.getZoom());
    }
    this.root.setAttribute("data-panes", many);
    this.panes.forEach(function (pane, i) { pane.el.hidden = i >= many; });
    this.resize();
  };
  Screen.prototype.shown = function () { return this.panes.filter(function (pane) { return !pane.el.hidden; }); };
  Screen.prototype.redraw = function () { this.shown().forEach(function (pane) { if (pane.map._loaded) pane.canvas.ask(); }); this.drawnLevel = undefined; };

  /* shapes come by themselves and never hold up the colours ------------------------------------------ */
  Screen.prototype.askShapes = function () {
    var self = this, payload = this.payload;
    if (payload.shapes_url !== this.shapesUrl) {
      this.shapesUrl = payload.shapes_url;
      this.fetchShapes(payload.shapes_url, function (shapes) {
        self.shapes = shapes.length ? shapes : null;
        self.takeNames(self.payload);
        self.fit(false, true);
      });
    }
    if (payload.background_url !== this.groundUrl) {
      this.groundUrl = payload.background_url;
      this.fetchShapes(payload.background_url, function (shapes) { self.chunks = new m.Chunks(shapes, self.origin); });
    }
  };
  Screen.prototype.fetchShapes = function (url, take) {
    var self = this;
    if (!url || !dcb.safeHref(url)) { self.fit(false, true); return; }
    m.shapes(url).then(function (shapes) {
      if (self.gone || (url !== self.payload.shapes_url && url !== self.payload.background_url)) return;
      take(shapes.map(function (shape) { return Object.assign(Object.create(m.Shape.prototype), shape, { drawn: null }); }));
      self.redraw();
    }).catch(function (error) { self.warn("shapes", error); if (!self.gone) self.fit(false, true); });
  };

  /* where the map looks ------------------------------------------------------------------------------ */
  Screen.prototype.start = function (pane, center, zoom) {
    pane.map.setView(center, zoom, { animate: false });
    pane.canvas.addTo(pane.map);
  };
  /* `last`: nothing more will come that says where; then it stands at its origin */
  Screen.prototype.fit = function (again, last) {
    var first = this.panes[0], bounds = this.payload.bounds || this.shapeBounds(), self = this, wanted = this.fromAddress();
    if (!first || (first.map._loaded && !again)) return;
    if (!bounds && !wanted && last) wanted = { center: L.latLng(m.latOf(this.origin[1]), m.lngOf(this.origin[0])), zoom: 6 };
    if (!bounds && !wanted) return;
    if (again) {
      if (bounds) first.map.fitBounds([[bounds[1], bounds[0]], [bounds[3], bounds[2]]], { padding: [ROOM, ROOM] });
      return;
    }
    if (!wanted) {
      var box = L.latLngBounds([bounds[1], bounds[0]], [bounds[3], bounds[2]]);
      wanted = { center: box.getCenter(), zoom: Math.min(16, first.map.getBoundsZoom(box, false, L.point(2 * ROOM, 2 * ROOM))) };
    }
    this.panes.forEach(function (pane) { self.start(pane, wanted.center, wanted.zoom); });
    this.lastView = this.viewText();
  };
  Screen.prototype.shapeBounds = function () {
    if (!this.shapes) return null;
    var box = [Infinity, Infinity, -Infinity, -Infinity];
    this.shapes.forEach(function (shape) { for (var i = 0; i < 4; i++) box[i] = (i < 2 ? Math.min : Math.max)(box[i], shape.box[i]); });
    return [m.lngOf(box[0]), m.latOf(box[3]), m.lngOf(box[2]), m.latOf(box[1])];
  };
  Screen.prototype.fromAddress = function () {
    if (this.payload.small) return null;
    var parts = (new URLSearchParams(window.location.search).get("view") || "").split(",").map(Number);
    if (parts.length !== 3 || !parts.every(isFinite) || parts[0] < 6 || parts[0] > 19 || Math.abs(parts[1]) > 180 || Math.abs(parts[2]) > 85) return null;
    return { zoom: parts[0], center: L.latLng(parts[2], parts[1]) };
  };
  Screen.prototype.viewText = function () {
    var map = this.panes[0].map, at = map.getCenter();
    return [map.getZoom(), at.lng.toFixed(5), at.lat.toFixed(5)].join(",");
  };
  Screen.prototype.moved = function () {
    var self = this;
    if (this.payload.small || this.lastView === undefined) return;
    window.clearTimeout(this.writing);
    this.writing = window.setTimeout(function () {
      var text = self.viewText();
      if (text === self.lastView || window.location.pathname !== self.path) return;
      self.lastView = text;
      var query = window.location.search.replace(/^\?/, "").split("&").filter(function (part) { return part && !/^view=/.test(part); });
      query.push("view=" + text);
      window.history.replaceState(window.history.state, "", self.path + "?" + query.join("&") + window.location.hash);
    }, VIEW_MS);
  };
  /* the other pane goes along: by shifting while it moves, with a picture of its own at the end */
  Screen.prototype.follow = function (leader, ended) {
    if (this.leading && this.leading !== leader) return;
    var self = this;
    this.leading = leader;
    this.shown().forEach(function (pane) { if (pane !== leader && pane.map._loaded && leader.map._loaded) self.align(pane.map, leader.map, ended); });
    this.leading = null;
  };
  Screen.prototype.align = function (map, leader, ended) {
    if (map._animatingZoom) return; /* it is on its way to the same place */
    var center = leader.getCenter(), zoom = leader.getZoom();
    if (map.getZoom() !== zoom) {
      if (ended) map.setView(center, zoom, { animate: false }); else map._move(center, zoom, { pinch: true });
      return;
    }
    var shift = map.project(center, zoom).subtract(map.project(map.getCenter(), zoom));
    if (shift.x || shift.y) { map._rawPanBy(shift); map.fire("move"); }
    if (ended) map.fire("moveend");
  };
  Screen.prototype.followZoom = function (leader, event) {
    if (this.leading || event.noUpdate) return;
    var self = this;
    this.leading = leader;
    this.shown().forEach(function (pane) {
      if (pane !== leader && pane.map._loaded && !pane.map._animatingZoom) pane.map._animateZoom(event.center, event.zoom, true);
    });
    self.leading = null;
  };
  Screen.prototype.resize = function () {
    var self = this;
    if (this.fitting) return;
    this.fitting = window.requestAnimationFrame(function () {
      self.fitting = 0;
      self.colours = null;
      self.shown().forEach(function (pane) { pane.map.invalidateSize({ animate: false, pan: true }); });
      if (self.panes[0] && !self.panes[0].map._loaded) self.fit(false);
    });
  };

  /* distance rings ---------------------------------------------------------------------------------- */
  Screen.prototype.measure = function (on) {
    this.measuring = on;
    this.root.classList.toggle("is-measuring", on);
    this.panes.forEach(function (pane) { pane.ring.setAttribute("aria-pressed", String(on)); pane.tip.hidden = true; if (on) pane.map.closePopup(); });
    if (on && this.panes[0]) this.panes[0].box.focus({ preventScroll: true });
  };
  Screen.prototype.ringAt = function (latlng) {
    this.measure(false);
    this.go({ ring: latlng.lng.toFixed(6) + "," + latlng.lat.toFixed(6) });
  };
  Screen.prototype.go = function (params) {
    var query = new URLSearchParams(window.location.search);
    Object.keys(params).forEach(function (key) { if (params[key]) query.set(key, params[key]); else query.delete(key); });
    var text = query.toString().replace(/%2C/g, ",");
    dcb.go(window.location.pathname + (text ? "?" + text : ""));
  };

  /* numbers ------------------------------------------------------------------------------------------ */
  Screen.prototype.level = function (v) { return this.payload.layer === "hex" || !this.payload.layer ? m.pickLevel(this.levels, v.scale, this.tokens().rem) : null; };
  Screen.prototype.showsPoints = function (zoom) { return this.payload.points && zoom >= this.payload.points.zoom && this.payload.side !== "change"; };
  Screen.prototype.density = function () {
    var finest = this.levels[this.levels.length - 1];
    if (!finest || !finest.size) return null;
    return this.field || (this.field = new m.Density(finest, this.payload.density_m || 400));
  };
  Screen.prototype.densest = function () {
    var field = this.density();
    return Math.max(field.of("now").most, field.level.raw.base ? field.of("base").most : 0);
  };
  Screen.prototype.areaKey = function (code, side) {
    var row = this.byCode[code], areas = this.payload.areas || {};
    if (!row) return null;
    if (side === "change") return row.change === null || row.change === undefined ? null : m.changeKey(row.change, row.now, row.base, areas.change_bounds);
    var value = side === "base" ? row.base_value : row.value;
    if (value === null || value === undefined || !value) return null;
    return "heat-" + m.rampStep(Math.max(0, m.classOf(value, areas.bounds || [1])), (areas.bounds || [1]).length);
  };
  Screen.prototype.discs = function (side) {
    var self = this, drawn = {};
    (this.shapes || []).forEach(function (shape) { drawn[shape.code] = true; });
    this.most = 0;
    this.discList = ((this.payload.areas || {}).rows || []).filter(function (row) { return row.lng !== undefined && !drawn[row.code]; }).map(function (row) {
      var value = (side === "base" ? row.base_value : row.value) || 0;
      self.most = Math.max(self.most, row.value || 0, row.base_value || 0);
      return { x: m.worldX(row.lng), y: m.worldY(row.lat), value: value, key: self.areaKey(row.code, side), row: row };
    });
    return this.discList;
  };

  /* what lies at a place, in words -------------------------------------------------------------------- */
  Screen.prototype.spotAt = function (x, y, v) {
    var near = 12 * this.tokens().rem / v.scale;
    var spot = this.spots.filter(function (one) { return Math.abs(one.x - x) < near && Math.abs(one.y - y) < near; })[0];
    return spot ? { line: spot.tip, title: spot.tip, go: dcb.safeHref(spot.href || "") , href: spot.href } : null;
  };
  Screen.prototype.discAt = function (x, y, v, side) {
    if (this.payload.layer !== "area") return null;
    var near = 14 * this.tokens().rem / v.scale;
    var disc = this.discList.filter(function (one) { return Math.abs(one.x - x) < near && Math.abs(one.y - y) < near; })[0];
    return disc ? this.areaFound(disc.row, side) : null;
  };
  Screen.prototype.placeAt = function (x, y, v, side) {
    if (this.payload.layer === "density") return null;
    if (this.payload.layer === "area") {
      var self = this, shape = (this.shapes || []).filter(function (one) { return self.byCode[one.code] && one.holds(x, y); })[0];
      return shape ? this.areaFound(this.byCode[shape.code], side) : null;
    }
    var level = this.level(v), i = level ? level.find(x, y) : -1;
    return i < 0 ? null : this.hexFound(level, i, side);
  };
  Screen.prototype.compared = function (now, base, change) {
    var words = this.words, lines = [fill(words.now, { n: now })];
    if (base !== null && base !== undefined) lines.push(fill(words.base, { n: base }));
    if (change !== null && change !== undefined) lines.push(words[change > 0 ? "more" : change < 0 ? "fewer" : "same"]);
    return lines;
  };
  /* the rows around a single incident */
  Screen.prototype.rowsAt = function (lng, lat, side) {
    if (!this.payload.rows_href) return null;
    var near = { near: lng.toFixed(6) + "," + lat.toFixed(6) + "," + HERE_M };
    return dom.withParams(this.payload.rows_href, side === "base" ? Object.assign(near, { of: "base" }) : near);
  };
  Screen.prototype.rowLinks = function (href, now, base) {
    var links = [];
    if (href && now) links.push([this.words.rows, href]);
    if (href && base) links.push([this.words.rows_base, dom.withParams(href, { of: "base" })]);
    return links;
  };
  Screen.prototype.hexFound = function (level, i, side) {
    var raw = level.raw, base = raw.base ? raw.base[i] : null, change = raw.change ? raw.change[i] : null;
    if (side === "base" ? !base : !raw.now[i] && !base) return null;
    var lines = raw.texts ? [raw.texts[i]] : this.compared(raw.now[i], base, change);
    var place = [raw.lng[i] / 1e6, raw.lat[i] / 1e6, raw.res].join(",");
    var own = raw.hrefs ? raw.hrefs[i] : this.payload.rows_href ? dom.withParams(this.payload.rows_href, { hex: place }) : null;
    return { line: lines.join("  "), title: raw.title || this.words.hex, lines: lines, href: own, links: raw.hrefs ? [[this.words.rows, own]] : this.rowLinks(own, raw.now[i], base) };
  };
  Screen.prototype.areaFound = function (row, side) {
    var lines = this.compared(row.now, row.base, side === "change" ? row.change : null);
    if (row.per) lines.push(row.per);
    return { line: row.name + "  " + lines.join("  "), title: row.name, lines: lines, href: row.href, links: this.rowLinks(row.href, row.now, row.base) };
  };

  /* the legend follows the size of the hexagons --------------------------------------------------------- */
  Screen.prototype.painted = function (pane, v, street) {
    if (pane !== this.panes[0]) return;
    var level = this.level(v), layer = this.payload.layer || "hex";
    var stamp = layer === "hex" ? level : layer;
    if (this.drawnLevel === stamp && this.street === !!street) return;
    this.drawnLevel = stamp;
    this.street = !!street;
    try { this.legend(level); } catch (broken) { this.warn("legend", broken); }
  };
  Screen.prototype.legend = function (level) {
    var payload = this.payload, legend = payload.legend || {}, foot = this.foot, layer = payload.layer || "hex";
    foot.textContent = "";
    if (legend.none) return;
    var title = layer === "hex" && level ? level.raw.legend || legend.title : legend.title;
    foot.appendChild(el("b", "imap-legend-title", title || ""));
    if (payload.side === "change" && layer !== "density") this.changeLegend(foot, legend);
    else if (layer === "density") this.densityLegend(foot, legend);
    else steps(foot, layer === "area" ? (payload.areas || {}).labels : level && level.raw.labels);
    (this.street && legend.point ? [["point", legend.point]] : []).concat(this.spotLegend(legend)).forEach(function (pair) { foot.appendChild(entry(pair[0], pair[1])); });
    if (legend.note) foot.appendChild(el("span", "imap-legend-note", legend.note));
  };
  function steps(foot, labels) {
    var scale = el("span", "imap-scale");
    (labels || []).forEach(function (label, i) { scale.appendChild(entry("heat-" + m.rampStep(i, labels.length), label)); });
    foot.appendChild(scale);
  }
  function entry(key, words) {
    var node = el("span", "imap-key");
    node.appendChild(el("i", "sw sw-" + key));
    node.appendChild(document.createTextNode(words));
    return node;
  }
  Screen.prototype.changeLegend = function (foot, legend) {
    var scale = el("span", "imap-scale");
    [["more-3", "more-2", "more-1", legend.more], ["same", legend.same], ["fewer-1", "fewer-2", "fewer-3", legend.fewer]].forEach(function (group) {
      var node = el("span", "imap-key");
      group.slice(0, -1).forEach(function (key) { node.appendChild(el("i", "sw sw-" + key)); });
      node.appendChild(document.createTextNode(group[group.length - 1] || ""));
      scale.appendChild(node);
    });
    foot.appendChild(scale);
  };
  Screen.prototype.densityLegend = function (foot, legend) {
    var field = this.density(), node = el("span", "imap-key");
    node.appendChild(document.createTextNode(legend.low || ""));
    node.appendChild(el("i", "sw sw-ramp"));
    node.appendChild(document.createTextNode(field ? fill(legend.high, { n: Math.round(this.densest() / field.km2).toLocaleString(document.documentElement.lang || "en") }) : ""));
    foot.appendChild(node);
  };
  Screen.prototype.spotLegend = function (legend) {
    var kinds = {};
    this.spots.forEach(function (spot) { kinds[spot.kind] = true; });
    return ["rule", "local", "record"].filter(function (kind) { return kinds[kind] && legend[kind]; }).map(function (kind) { return ["spot-" + kind, legend[kind]]; });
  };

  Screen.prototype.remove = function () {
    this.gone = true;
    this.looks.disconnect();
    this.sizes.disconnect();
    window.cancelAnimationFrame(this.fitting);
    window.clearTimeout(this.writing);
    this.panes.forEach(function (pane) { pane.remove(); });
    this.panes = [];
    this.empty();
    this.shapes = this.chunks = null;
    this.root.textContent = "";
    this.root.dcbMap = null;
  };

  dcb.MapScreen = Screen;
})();
