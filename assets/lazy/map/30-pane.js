/* One map of the screen: Leaflet, its canvas, its buttons, what is under the pointer, single incidents. */
(function () {
  "use strict";
  var dcb = window.dcb, L = window.L, m = dcb.mapParts, paint = dcb.mapPaint;

  function el(tag, name, text) {
    var node = document.createElement(tag);
    if (name) node.className = name;
    if (text !== undefined && text !== null) node.textContent = text;
    return node;
  }
  function fill(words, params) {
    return String(words || "").replace(/\{(\w+)\}/g, function (all, name) { return name in params ? params[name] : all; });
  }
  function withParams(href, params) {
    var parts = String(href || "").split("?"), query = new URLSearchParams(parts[1] || "");
    Object.keys(params).forEach(function (key) { query.set(key, params[key]); });
    return parts[0] + "?" + query.toString();
  }

  function Pane(screen, index) {
    this.screen = screen;
    this.index = index;
    this.el = el("section", "imap-pane");
    this.head = el("div", "imap-head");
    this.box = el("div", "imap-map");
    this.tip = el("div", "imap-tip");
    this.cross = el("div", "imap-cross");
    this.note = el("div", "imap-note");
    this.tip.hidden = this.cross.hidden = this.note.hidden = true;
    this.tip.setAttribute("aria-hidden", "true");
    this.cross.setAttribute("aria-hidden", "true");
    this.el.appendChild(this.head);
    this.el.appendChild(this.box);
    screen.panes_el.appendChild(this.el);
    this.points = null;
    this.times = {};
    this.kept = {};
    this.open();
  }
  Pane.prototype.open = function () {
    var self = this, words = this.screen.words;
    var calm = window.matchMedia && window.matchMedia("(prefers-reduced-motion:reduce)").matches;
    var map = (this.map = L.map(this.box, { attributionControl: false, zoomControl: false, preferCanvas: true, zoomSnap: 0.25, zoomDelta: 1,
      wheelPxPerZoomLevel: 110, minZoom: 6, maxZoom: 19, fadeAnimation: false, zoomAnimation: !calm, inertia: !calm, trackResize: false }));
    this.box.setAttribute("role", "region");
    L.control.zoom({ position: "topleft", zoomInTitle: words.zoom_in || "+", zoomOutTitle: words.zoom_out || "-" }).addTo(map);
    L.control.scale({ position: "bottomleft", imperial: false, maxWidth: Math.round(110 * this.screen.tokens().rem) }).addTo(map);
    this.addButtons();
    this.canvas = new paint.CanvasLayer(function (ctx, view) { self.paint(ctx, view); });
    [this.tip, this.cross, this.note].forEach(function (node) { self.box.appendChild(node); });
    map.on("move zoom", function () { self.tip.hidden = true; self.screen.follow(self); });
    map.on("zoomanim", function (event) { self.screen.followZoom(self, event); });
    map.on("moveend", function () { self.screen.follow(self, true); self.screen.moved(self); self.askPoints(); });
    map.on("movestart zoomstart", function () { if (self.asking) self.asking.abort(); });
    map.on("click", function (event) { self.click(event.latlng); });
    map.on("mousemove", function (event) { self.hover(event); });
    map.on("mouseout", function () { self.tip.hidden = true; });
    map.on("popupopen", function () { self.cross.hidden = true; }); /* it would lie upon the words */
    map.on("popupclose", function () { self.onFocus(); });
    this.onKey = function (event) {
      if (event.target !== self.box) return;
      if (event.key === "Enter") { event.preventDefault(); self.click(map.getCenter()); }
      if (event.key === "Escape") { map.closePopup(); self.screen.measure(false); }
    };
    this.onFocus = function () { self.cross.hidden = !(document.activeElement === self.box && self.box.matches(":focus-visible")); };
    this.box.addEventListener("keydown", this.onKey);
    this.box.addEventListener("focus", this.onFocus);
    this.box.addEventListener("blur", this.onFocus);
  };
  Pane.prototype.addButtons = function () {
    var self = this, screen = this.screen, words = screen.words;
    var Buttons = L.Control.extend({ onAdd: function () {
      var bar = el("div", "leaflet-bar imap-buttons");
      self.home = button("imap-home", words.whole, words.whole_title, function () { screen.fit(true); });
      self.ring = button("imap-ring", words.ring, words.ring_title, function () { screen.measure(!screen.measuring); });
      self.ring.setAttribute("aria-pressed", "false");
      self.unring = button("imap-unring", words.ring_off, words.ring_off, function () { screen.go({ ring: "" }); });
      [self.home, self.ring, self.unring].forEach(function (one) { bar.appendChild(one); });
      L.DomEvent.disableClickPropagation(bar);
      return bar;
    } });
    new Buttons({ position: "topleft" }).addTo(this.map);
  };
  function button(name, words, title, act) {
    var node = el("button", name, words);
    node.type = "button";
    node.title = title || words || "";
    node.addEventListener("click", act);
    return node;
  }
  Pane.prototype.side = function () {
    var side = this.screen.payload.side;
    return side === "change" ? "change" : this.index ? "base" : "now";
  };
  Pane.prototype.refresh = function () {
    var payload = this.screen.payload, title = (payload.titles || [])[this.index] || {};
    this.head.textContent = "";
    this.head.appendChild(el("b", "", title.text || ""));
    this.head.appendChild(el("span", "", title.note || ""));
    this.head.hidden = !title.text;
    this.box.setAttribute("aria-label", (this.screen.words.map || "") + " " + (title.text || ""));
    this.ring.hidden = !payload.measure;
    this.unring.hidden = !payload.rings || !payload.measure;
    this.tip.hidden = true;
    this.points = null;
    if (this.question !== payload.rows_href) this.map.closePopup();
    this.question = payload.rows_href;
    if (this.map._loaded) { this.canvas.ask(); this.askPoints(); }
  };

  /* drawing: a part that fails leaves the others standing ------------------------------------------ */
  Pane.prototype.paint = function (ctx, v) {
    var from = performance.now(), s = this.screen, side = this.side(), payload = s.payload, c = s.tokens(), self = this;
    var taken = this.index ? [] : [[v.pad[0], v.pad[1], v.pad[0] + 62 * c.rem, v.pad[1] + 150 * c.rem]]; /* the buttons */
    var origin = s.origin, street = this.points && this.points.n && s.showsPoints(v.zoom);
    this.view = v;
    function part(name, act) { try { act(); } catch (broken) { s.warn(name, broken); ctx.setTransform(v.ratio, 0, 0, v.ratio, 0, 0); ctx.globalAlpha = 1; } }
    part("background", function () { if (s.chunks) paint.ground(ctx, v, s.chunks, origin, c); });
    part("layer", function () { self.paintLayer(ctx, v, side, street, c, origin); });
    part("roads", function () { if (s.chunks && payload.layer !== "density") paint.roadsAbove(ctx, v, s.chunks, origin, c); });
    part("borders", function () {
      if (s.shapes) paint.borders(ctx, v, s.shapes, origin, c, { thin: payload.layer !== "area", chosen: payload.chosen });
    });
    part("cells", function () { s.hot.forEach(function (hot) { if (s.level(v) === hot.level) paint.outlines(ctx, v, hot.level, hot.at, c); }); });
    part("points", function () { if (street) paint.dots(ctx, v, self.points, c, self.kept); else self.kept = {}; });
    part("rings", function () { if (s.rings) paint.circles(ctx, v, s.rings, c); });
    part("spots", function () { paint.spots(ctx, v, s.spots, c, taken); });
    part("names", function () { paint.names(ctx, v, s.names, c, taken); });
    this.times.paint = performance.now() - from;
    this.times.count = (this.times.count || 0) + 1;
    s.painted(this, v, street);
  };
  Pane.prototype.paintLayer = function (ctx, v, side, street, c, origin) {
    var s = this.screen, payload = s.payload, field;
    if (payload.layer === "area" && side !== "none") {
      if (s.shapes) paint.areas(ctx, v, s.shapes, function (shape) { return s.areaKey(shape.code, side); }, origin, c);
      paint.discs(ctx, v, s.discs(side), s.most, c);
    } else if (payload.layer === "density") {
      field = s.density();
      if (field) paint.density(ctx, v, field, side === "base" ? "base" : "now", s.densest(), c);
    } else if (s.level(v)) this.times.hexagons = paint.hexagons(ctx, v, s.level(v), side, c, street);
  };

  /* what is under the pointer --------------------------------------------------------------------- */
  Pane.prototype.hover = function (event) {
    var self = this;
    this.under = event;
    if (this.looking) return;
    this.looking = window.requestAnimationFrame(function () {
      self.looking = 0;
      if (!self.view || self.screen.measuring) return;
      var source = self.under.originalEvent && self.under.originalEvent.target;
      if (source && source.closest && source.closest(".leaflet-popup")) { self.tip.hidden = true; return; } /* it would lie upon the links */
      var found = self.at(self.under.latlng), point = self.under.containerPoint;
      self.tip.hidden = !found;
      self.box.style.cursor = found && (found.href || found.links) ? "pointer" : "";
      if (!found) return;
      self.tip.textContent = found.line;
      var half = self.tip.offsetWidth / 2, wide = self.box.clientWidth;
      self.tip.style.left = Math.max(half + 4, Math.min(wide - half - 4, point.x)) + "px";
      self.tip.style.top = (point.y < 60 ? point.y + 22 : point.y - 36) + "px";
    });
  };
  Pane.prototype.click = function (latlng) {
    if (this.screen.measuring) { this.screen.ringAt(latlng); return; }
    var found = this.view && this.at(latlng);
    if (!found) return;
    if (found.go) { dcb.go(found.go); return; }
    this.popup(latlng, found);
  };
  Pane.prototype.popup = function (latlng, found) {
    this.tip.hidden = true;
    var content = el("div", "imap-pop");
    content.appendChild(el("b", "", found.title));
    (found.lines || []).forEach(function (line) { if (line) content.appendChild(el("p", "", line)); });
    (found.links || []).forEach(function (pair) {
      var href = dcb.safeHref(pair[1]);
      if (!href) return;
      var link = el("a", "", pair[0]);
      link.href = href;
      link.addEventListener("click", follow); /* Leaflet keeps clicks in a pop-up from the page's own listener */
      content.appendChild(link);
    });
    var popup = L.popup({ minWidth: 150, maxWidth: 320, autoPanPadding: [12, 12] }).setLatLng(latlng).setContent(content).openOn(this.map);
    var close = popup.getElement().querySelector(".leaflet-popup-close-button");
    if (close) { close.setAttribute("aria-label", this.screen.words.close || ""); close.title = this.screen.words.close || ""; }
  };
  function follow(event) {
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    dcb.go(event.currentTarget.getAttribute("href"));
  }
  Pane.prototype.at = function (latlng) {
    var s = this.screen, x = m.worldX(latlng.lng), y = m.worldY(latlng.lat), v = this.view;
    return s.spotAt(x, y, v) || this.pointAt(x, y, v) || s.discAt(x, y, v, this.side()) || s.placeAt(x, y, v, this.side());
  };
  Pane.prototype.pointAt = function (x, y, v) {
    var points = this.points, words = this.screen.words, best = -1, least = Math.pow(8 / v.scale, 2);
    if (!points || !this.screen.showsPoints(v.zoom)) return null;
    for (var i = 0; i < points.n; i++) {
      var dx = points.x[i] - x, dy = points.y[i] - y, d = dx * dx + dy * dy;
      if (d < least) { least = d; best = i; }
    }
    if (best < 0) return null;
    var row = points.rows[best], href = row[5] || this.screen.rowsAt(row[0], row[1], this.side());
    return { line: [row[2], row[3], row[4]].filter(Boolean).join("  "), title: row[2], lines: [row[3], row[4]], links: href ? [[words.rows_here, href]] : [], href: href };
  };

  /* single incidents: one request at a time, given up when the map moves on ------------------------- */
  Pane.prototype.askPoints = function () {
    var s = this.screen, wanted = s.payload.points, map = this.map, self = this;
    this.note.hidden = true;
    if (!wanted || !map._loaded || s.payload.side === "change" || map.getZoom() < wanted.zoom || this.el.hidden) { this.points = this.el.hidden ? null : this.points; return; }
    if (this.points && this.points.whole && this.points.bounds.contains(map.getBounds())) return this.sayPoints();
    if (this.asking) this.asking.abort();
    var bounds = map.getBounds().pad(0.1), asking = (this.asking = new AbortController());
    var box = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()].map(function (n) { return n.toFixed(5); }).join(",");
    var href = withParams(wanted.url, this.side() === "base" ? { bbox: box, of: "base" } : { bbox: box });
    fetch(href, { credentials: "same-origin", signal: asking.signal, headers: { Accept: "application/json" } }).then(function (response) {
      if (!response.ok) throw new Error("points " + response.status);
      return response.json();
    }).then(function (answer) {
      if (self.asking !== asking || s.gone) return;
      self.asking = null;
      self.take(answer, bounds);
    }).catch(function (error) { if (error.name !== "AbortError") s.warn("points", error); });
  };
  Pane.prototype.take = function (answer, bounds) {
    var rows = answer.points || [], n = rows.length, x = new Float64Array(n), y = new Float64Array(n);
    for (var i = 0; i < n; i++) { x[i] = m.worldX(rows[i][0]); y[i] = m.worldY(rows[i][1]); }
    this.points = { n: n, x: x, y: y, rows: rows, total: answer.total, bounds: bounds, whole: answer.total <= n };
    this.sayPoints();
    this.canvas.ask();
  };
  Pane.prototype.sayPoints = function () {
    if (!this.points || this.points.whole) return;
    this.note.textContent = fill(this.screen.words.points_more, { n: this.points.n, total: this.points.total });
    this.note.hidden = false;
  };

  Pane.prototype.remove = function () {
    window.cancelAnimationFrame(this.looking);
    if (this.asking) this.asking.abort();
    this.box.removeEventListener("keydown", this.onKey);
    this.box.removeEventListener("focus", this.onFocus);
    this.box.removeEventListener("blur", this.onFocus);
    this.map.remove();
    this.el.remove();
    this.points = this.view = this.kept = null;
  };

  dcb.MapPane = Pane;
  dcb.mapDom = { el: el, fill: fill, withParams: withParams };
})();
