/* The canvas and its panels: one canvas scaled by one factor, a node for every panel of every screen,
   drawn when it is seen and only when its data changed; a panel that cannot be drawn is marked alone. */
(function () {
  "use strict";
  var wall = (window.wall = window.wall || {});
  var h = wall.h, RULE = 172, LEAST_STATUS = 30, LARGEST_STATUS = 120, HAN = 0.88, DIGIT = 0.72, FADE_PIXELS = 3e6, ULTRA = 2.6, TALL = 0.8;
  var SIGNS = { b: ["●", "blue"], y: ["▲", "yellow"], r: ["■", "red"], g: ["○", "grey"] };
  var parts = { canvas: null, stage: null, screens: {}, order: "", shown: null, look: 0, pageAt: 0 };
  var view = { shape: "wide", width: 1920, height: 1080, status: LEAST_STATUS, lang: "zh", words: wall.words, scale: 1, focus: null, dwell: null, calm: true, letter: letter };
  wall.view = view;

  /* The canvas for a window: `shape`, its size in canvas px, the factor, and where it stands. An ultra-wide canvas
     takes the width there is, so that three screens side by side are filled; the others are letter-boxed. */
  wall.fit = function (width, height) {
    var aspect = width / Math.max(1, height), shape = aspect >= ULTRA ? "ultra" : aspect < TALL ? "tall" : "wide";
    var size = { wide: [1920, 1080], ultra: [Math.round(Math.min(5832, Math.max(3240, 1080 * aspect))), 1080], tall: [1080, 1920] }[shape];
    var factor = Math.min(width / size[0], height / size[1]);
    return { shape: shape, width: size[0], height: size[1], factor: factor, left: Math.round((width - size[0] * factor) / 2), top: Math.round((height - size[1] * factor) / 2) };
  };
  /* Height in canvas px of a character that subtends 20 minutes of arc at `distance` m on a screen `tall` m high. */
  wall.statusHeight = function (distance, tall, height) {
    var wanted = distance > 0 && tall > 0 ? (distance / RULE / tall) * height : 0;
    return Math.round(Math.min(LARGEST_STATUS, Math.max(LEAST_STATUS, wanted)));
  };
  function letter(key) {
    var found = SIGNS[key] || SIGNS.g, base = SIGNS[key] ? key : "g";
    return { sign: found[0], cls: found[1], key: base, word: wall.say("colour_" + base), reason: /^\d$/.test(key) && wall.words["reason_" + key] ? wall.words["reason_" + key] : "" };
  }

  function fit() {
    var box = wall.fit(window.innerWidth, window.innerHeight), style = parts.canvas.style, shown = (wall.picture || {}).display || {};
    var ratio = window.devicePixelRatio || 1, status = wall.statusHeight(shown.distance, shown.height, box.height);
    var before = [view.shape, view.width, view.status, view.scale, view.lang].join();
    view.shape = box.shape; view.width = box.width; view.height = box.height; view.status = status;
    view.scale = box.factor * ratio;
    view.lang = document.documentElement.lang.slice(0, 2);
    view.calm = box.width * box.height * view.scale * view.scale > FADE_PIXELS || window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    style.width = box.width + "px";
    style.height = box.height + "px";
    style.transform = "translate(" + box.left + "px," + box.top + "px) scale(" + box.factor + ")";
    style.setProperty("--status", status + "px");
    style.setProperty("--status-digit", Math.round(status / DIGIT) + "px");
    style.setProperty("--status-han", Math.round(status / HAN) + "px");
    wall.className(parts.canvas, "canvas " + box.shape);
    if (before !== [view.shape, view.width, view.status, view.scale, view.lang].join()) parts.look += 1;
  }

  /* nodes --------------------------------------------------------------------------------------- */
  function slot(code) {
    var registered = wall.panels[code] || {};
    var made = { code: code, serial: -1, look: -1, says: false, node: h("section", "panel p-" + code), head: h("header", "panel-head"), title: h("h2", "panel-title"),
      note: h("span", "panel-note"), scope: h("span", "panel-scope"), mark: h("span", "panel-mark"), page: h("span", "panel-page"), body: h("div", "panel-body"), veil: h("div", "panel-veil"), bare: !!registered.bare };
    [made.title, made.note, made.scope, made.mark, made.page].forEach(function (part) { made.head.appendChild(part); });
    [made.head, made.body, made.veil].forEach(function (part) { made.node.appendChild(part); });
    if (made.bare) made.node.classList.add("bare");
    made.node.style.gridArea = code;
    made.node.setAttribute("data-panel", code);
    return made;
  }
  function buildScreens(screens) {
    var order = view.shape + JSON.stringify(screens);
    if (order === parts.order) return;
    parts.order = order;
    parts.stage.textContent = "";
    parts.screens = {};
    screens.forEach(function (screen) {
      var shape = screen.shapes[view.shape] || screen.shapes.wide || screen.shapes[Object.keys(screen.shapes)[0]] || {};
      var areas = Array.isArray(shape.areas) ? shape.areas : [], node = h("div", "screen"), codes = {};
      node.hidden = true;
      node.style.gridTemplateColumns = shape.columns || "";
      node.style.gridTemplateRows = shape.rows || "";
      node.style.gridTemplateAreas = areas.map(function (row) { return '"' + String(row).replace(/["\\]/g, "") + '"'; }).join(" ");
      areas.join(" ").split(/\s+/).forEach(function (code) { if (code && !/^\.+$/.test(code)) codes[code] = true; });
      var slots = Object.keys(codes).map(slot);
      slots.forEach(function (one) { node.appendChild(one.node); });
      parts.stage.appendChild(node);
      parts.screens[screen.code] = { node: node, slots: slots, code: screen.code };
    });
    parts.shown = null;
  }

  /* drawing ------------------------------------------------------------------------------------- */
  function draw(one) {
    var about = wall.state.panels[one.code], panel = wall.kept(one.code), registered = wall.panels[one.code];
    if (!about || !panel || !registered || panel.data === null || panel.data === undefined) return;
    if (one.serial === about.serial && one.look === parts.look) return;
    one.serial = about.serial;
    one.look = parts.look;
    try {
      registered.draw(one.body, panel, wall.picture, view);
      if (registered.head) wall.text(one.note, registered.head(panel, view));
      about.drawn += 1;
      about.failed = "";
    } catch (problem) {
      about.failed = String((problem && problem.message) || problem);
      wall.trouble("panel " + one.code, problem);
    }
    if (view.focus || one.focused) focusIn(one);
  }
  /* A panel that shows no station by itself says that it stays with all of them. */
  function focusIn(one) {
    one.focused = !!view.focus;
    var nodes = one.body.querySelectorAll("[data-station]");
    Array.prototype.forEach.call(nodes, function (node) {
      var is = node.getAttribute("data-station") === view.focus;
      node.classList.toggle("is-focus", is);
      node.classList.toggle("is-dim", !!view.focus && !is);
    });
    wall.text(one.scope, view.focus && !nodes.length ? wall.say("scope_all") : "");
  }
  function drawShown() {
    var screen = parts.screens[parts.shown];
    if (screen) screen.slots.forEach(draw);
  }

  /* marks over panels: what is old says since when, in absolute time ------------------------------- */
  function mark(one) {
    var about = wall.state.panels[one.code], panel = wall.kept(one.code), now = wall.picture && wall.picture.panels[one.code];
    var level = about ? about.level : wall.picture ? "hatched" : "", at = panel ? panel.at : null;
    wall.text(one.title, (now && now.title) || (panel && panel.title) || "");
    var why = about && (about.failed ? wall.say("not_drawn") : about.why), alone = !panel || panel.data === null || panel.data === undefined;
    if (alone) { level = level || "amber"; why = why || wall.say("no_data"); } /* a panel without figures says so */
    var says = !!(level && why) && !alone;
    /* A source that is late says in words since when; what was computed from it is younger than that. */
    var said = alone || !at ? "no_data" : about && about.late && !wall.state.level ? "late" : "data_at";
    wall.text(one.mark, !level ? "" : said === "data_at" ? wall.asOf(panel) : wall.say(said));
    wall.text(one.veil, level && why ? why : "");
    if (one.says !== says) { one.says = says; one.look = -1; } /* the body's height changes */
    wall.className(one.veil, "panel-veil" + (alone ? " alone" : says ? " says" : ""));
    if (level) one.node.setAttribute("data-level", level);
    else one.node.removeAttribute("data-level");
  }

  function leave(screen) {
    screen.node.hidden = true;
    screen.slots.forEach(function (one) {
      var registered = wall.panels[one.code];
      if (registered && registered.gone) try { registered.gone(one.body); } catch (problem) { wall.trouble("panel " + one.code, problem); }
    });
  }

  wall.stage = {
    build: function () {
      parts.canvas = document.getElementById("canvas");
      parts.stage = document.getElementById("stage");
      parts.stage.addEventListener("click", function (event) {
        var node = event.target.closest && event.target.closest("[data-station]");
        if (node) wall.focus(view.focus === node.getAttribute("data-station") ? null : node.getAttribute("data-station"));
      });
      window.addEventListener("resize", function () { fit(); if (wall.picture) wall.stage.show(); });
      fit();
    },
    /* After a new picture or another size: screens as the picture has them, the shown one drawn. */
    show: function () {
      var picture = wall.picture;
      if (!picture) return;
      if (picture.lang) document.documentElement.lang = picture.lang === "en" ? "en" : "zh-CN";
      fit();
      buildScreens(picture.screens);
      if (wall.frame) wall.frame.show(picture);
      wall.rotation.follow(picture);
      drawShown();
      this.mark();
    },
    /* Brings a screen of the playlist into view. */
    turn: function (code, dwell) {
      var screen = parts.screens[code], before = parts.screens[parts.shown];
      view.dwell = dwell;
      if (!screen || parts.shown === code) return;
      /* The new screen stands drawn over the old one before that goes: no moment without a picture. */
      parts.shown = wall.state.screen = code;
      screen.node.hidden = false;
      wall.restPages(screen.node);
      drawShown();
      this.mark();
      if (before) leave(before);
    },
    mark: function () {
      var screen = parts.screens[parts.shown];
      if (screen) screen.slots.forEach(mark);
    },
    beat: function (now) {
      var screen = parts.screens[parts.shown];
      if (!screen || !wall.picture) return;
      wall.rotation.beat(now);
      drawShown();
      if (now < parts.pageAt) return;
      parts.pageAt = now + 1000;
      screen = parts.screens[parts.shown];
      var whole = wall.picture.rules.list_seconds || 60;
      wall.turnPages(screen.node, now, view.dwell ? Math.min(whole, view.dwell) : whole);
      screen.slots.forEach(function (one) {
        var registered = wall.panels[one.code], panel = wall.kept(one.code);
        if (view.focus) focusIn(one); /* rows of the next page too */
        if (registered && registered.beat && panel && panel.data) try { registered.beat(one.body, panel, wall.picture, view, now); } catch (problem) { wall.trouble("panel " + one.code, problem); }
      });
    },
    clear: function () {
      parts.stage.textContent = "";
      parts.screens = {};
      parts.order = "";
      parts.shown = wall.state.screen = null;
      ground = null;
      view.focus = null;
    }
  };
  wall.redraw = function (code) {
    Object.keys(parts.screens).forEach(function (name) {
      parts.screens[name].slots.forEach(function (one) { if (one.code === code) one.serial = -1; });
    });
  };
  wall.setFocus = function (code) {
    view.focus = code || null;
    if (wall.frame && wall.picture) wall.frame.strip();
    parts.look += 1;
    drawShown();
  };

  /* the ground of the map: one at a time, asked for again when it did not come ---------------------- */
  var ground = null, groundAsked = null, groundAt = 0;
  wall.ground = function (digest) {
    if (ground && ground.digest === digest) return ground.shapes;
    var now = performance.now();
    if (groundAsked === digest && now - groundAt < 15000) return null;
    groundAsked = digest;
    groundAt = now;
    wall.ask("/api/wall/ground" + (window.location.search || "?") + (window.location.search ? "&" : "") + "d=" + encodeURIComponent(digest)).then(function (shapes) {
      ground = { digest: digest, shapes: shapes };
      wall.redraw("map");
    }).catch(function (problem) {
      groundAsked = null;
      groundAt = 0;
      window.setTimeout(function () { wall.redraw("map"); }, 5000);
      wall.trouble("ground", problem);
    });
    return null;
  };
})();
