/* What the wall's panels share: kept nodes, words, text that fits, signs, the strip of past days, pages. */
(function () {
  "use strict";
  var wall = (window.wall = window.wall || {});
  var SVG = "http://www.w3.org/2000/svg";
  var CLASS = { b: "k-b", y: "k-y", r: "k-r" };
  var pen = null, family = "", widths = new Map();

  function list(value) { return Array.isArray(value) ? value : []; }
  function known(value) { return value !== null && value !== undefined && value !== ""; }
  /* the child of that name: made once, then kept */
  function slot(parent, name, tag, className) {
    var kept = parent.wallSlots || (parent.wallSlots = {});
    if (!kept[name]) {
      var isSvg = tag === "svg" || parent.namespaceURI === SVG;
      kept[name] = isSvg ? document.createElementNS(SVG, tag) : document.createElement(tag || "div");
      if (className) kept[name].setAttribute("class", className);
      parent.appendChild(kept[name]);
    }
    return kept[name];
  }
  function text(node, value) {
    var said = known(value) ? String(value) : "";
    if (node.wallText !== said) { node.textContent = said; node.wallText = said; }
    return node;
  }
  function say(parent, name, tag, className, value) {
    var node = slot(parent, name, tag, className);
    node.hidden = !known(value);
    return text(node, value);
  }
  function put(node, values) {
    var was = node.wallPut || (node.wallPut = {});
    Object.keys(values).forEach(function (name) {
      if (was[name] === values[name]) return;
      was[name] = values[name];
      if (name === "class") node.setAttribute("class", values[name]);
      else if (values[name] === null) node.removeAttribute(name);
      else node.setAttribute(name, values[name]);
    });
    return node;
  }
  function css(node, values) {
    var was = node.wallCss || (node.wallCss = {});
    Object.keys(values).forEach(function (name) {
      if (was[name] === values[name]) return;
      was[name] = values[name];
      node.style.setProperty(name, values[name]);
    });
    return node;
  }

  /* a digit is a grey that names its reason */
  function colour(letter) { return CLASS[letter] || "k-g"; }
  /* the sign of a state; a yellow one that a red hard task holds down carries a red lid */
  function sign(letter, held) { return "sg " + colour(letter) + (held && letter === "y" ? " is-held" : ""); }
  function letter(stage, code) {
    var found = stage && typeof stage.letter === "function" ? stage.letter(code) : null;
    return found || { sign: "", word: "" };
  }
  /* an instant beside a clock: the hour when it is of the same day, else day and hour */
  function moment(iso, now) {
    var day = String(iso || "").slice(0, 10), hour = String(iso || "").slice(11, 16);
    if (day.length < 10) return "";
    return day === String(now || "").slice(0, 10) ? hour : (day.slice(5) + " " + hour).trim();
  }

  /* text that fits: smaller down to `least`, then cut in the middle, for names differ at both ends */
  function width(said, size, weight) {
    if (!pen) {
      pen = document.createElement("canvas").getContext("2d");
      family = window.getComputedStyle(document.body).fontFamily;
    }
    var key = weight + "|" + said, found = widths.get(key);
    if (found === undefined) {
      if (widths.size > 4000) widths.clear();
      pen.font = (weight || 400) + " 100px " + family;
      found = pen.measureText(said).width;
      widths.set(key, found);
    }
    return found * size / 100;
  }
  function widest(texts, size, weight) {
    return texts.reduce(function (most, said) { return Math.max(most, width(String(said), size, weight)); }, 0);
  }
  function cut(said, room, size, weight) {
    var all = Array.from(said), least = Math.min(3, all.length);
    for (var gone = 1; gone < all.length - least; gone++) {
      var head = Math.ceil((all.length - gone) / 2);
      var short = all.slice(0, head).join("") + "…" + all.slice(head + gone).join("");
      if (width(short, size, weight) <= room) return short;
    }
    return all.slice(0, least).join("") + "…";
  }
  function fit(node, said, room, size, least, weight) {
    said = known(said) ? String(said) : "";
    var key = said + "|" + Math.round(room) + "|" + size;
    if (node.wallFit === key) return node;
    node.wallFit = key;
    var need = width(said, size, weight) * 1.02, used = need > room ? Math.max(least, Math.floor(size * room / need)) : size;
    css(node, { "font-size": used + "px" });
    return text(node, width(said, used, weight) > room ? cut(said, room, used, weight) : said);
  }
  if (document.fonts && document.fonts.ready) document.fonts.ready.then(function () { widths.clear(); });

  /* a panel without anything to show says so calmly */
  function calm(node, said, hint) { /* a hint: all is well; without one there is nothing to judge */
    var box = slot(node, "calm", "div", "calm");
    node.classList.toggle("is-calm", known(said));
    put(slot(box, "mark", "i"), { class: known(hint) ? "calm-mark is-well" : "calm-mark" });
    say(box, "said", "p", "calm-said", said);
    say(box, "hint", "p", "calm-hint", hint);
    return known(said);
  }

  /* thirty days as bars: the worse, the taller; four paths however many days */
  var BARS = { b: 0.3, y: 0.66, r: 1, g: 0.14 };
  function strip(host, days, w, tall) {
    var svg = slot(host, "strip", "svg", "strip"), step = days.length ? w / days.length : 0, lines = { b: "", y: "", r: "", g: "" };
    Array.from(days).forEach(function (day, at) {
      var kind = BARS[day] ? day : day === "-" ? "" : "g";
      if (!kind) return;
      var high = Math.max(2, tall * BARS[kind]), thick = Math.max(2, step * 0.68);
      lines[kind] += "M" + (at * step).toFixed(1) + " " + (tall - high).toFixed(1) + "h" + thick.toFixed(1) + "v" + high.toFixed(1) + "h-" + thick.toFixed(1) + "z";
    });
    put(svg, { width: w, height: tall, viewBox: "0 0 " + w + " " + tall });
    Object.keys(lines).forEach(function (kind) { put(slot(svg, kind, "path", "day k-" + kind), { d: lines[kind] }); });
    return svg;
  }


  wall.parts = { list: list, known: known, slot: slot, text: text, say: say, put: put, css: css, colour: colour, sign: sign, letter: letter, moment: moment,
    width: width, widest: widest, fit: fit, cut: cut, calm: calm, strip: strip };
})();
