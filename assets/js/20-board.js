/* dcb.BoardMatrix: draws the board from one compact answer (components/board_payload.py) and sorts,
   filters and groups it at once in the browser. Rows are kept by station and only changed ones are
   rebuilt, so focus and scrolling survive an update. The state lives in the address. */
(function () {
  "use strict";
  var dcb = (window.dcb = window.dcb || {});
  var LETTERS = { b: "blue", y: "yellow", r: "red" };
  var RANK = { r: 0, y: 1, b: 2 };
  var KEYS = ["group", "district", "mode", "colour", "q", "sort"];
  var FIRST = 36; /* rows of the first step */
  var SLOT = 5; /* width of a day in the strip */

  function esc(text) {
    return String(text).replace(/[&<>"']/g, function (c) {
      return { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" }[c];
    });
  }
  function fill(text, params) {
    return String(text).replace(/\{(\w+)\}/g, function (all, name) { return name in params ? params[name] : all; });
  }
  function colourOf(letter) { return LETTERS[letter] || "grey"; }

  /* the address ------------------------------------------------------------------------------- */
  function readState() {
    var query = new URLSearchParams(window.location.search);
    var state = {};
    KEYS.forEach(function (key) { state[key] = query.get(key) || ""; });
    return state;
  }
  function writeState(state) {
    var query = new URLSearchParams(window.location.search);
    KEYS.forEach(function (key) { if (state[key]) query.set(key, state[key]); else query.delete(key); });
    var text = query.toString();
    var href = window.location.pathname + (text ? "?" + text : "") + window.location.hash;
    window.history.replaceState(window.history.state, "", href);
  }

  /* reading the answer ------------------------------------------------------------------------ */
  function unpack(payload) {
    var spans = [], at = 0;
    payload.themes.forEach(function (theme) { spans.push([at, at + theme.n]); at += theme.n; });
    return payload.rows.map(function (row, order) {
      var letters = row[5], tasks = row[7];
      var themes = spans.map(function (span, i) {
        var done = 0, total = 0;
        for (var k = span[0]; k < span[1]; k++) {
          var c = tasks.charAt(k);
          if (LETTERS[c]) { total++; if (c === "b") done++; }
        }
        return { letter: letters.charAt(i + 1), done: done, total: total };
      });
      var red = 0, yellow = 0, grey = 0;
      for (var k = 0; k < tasks.length; k++) {
        var c = tasks.charAt(k);
        if (c === "r") red++; else if (c === "y") yellow++; else if (c !== "b") grey++;
      }
      return { order: order, code: row[0], name: row[1], full: row[2], mode: row[3], district: row[4],
        letter: letters.charAt(0), score: row[6], tasks: tasks, strip: row[8], held: row[9] === 1,
        themes: themes, red: red, yellow: yellow, grey: grey, raw: row };
    });
  }

  function keep(rows, state) {
    var wanted = state.q.trim().toLowerCase();
    return rows.filter(function (row) {
      if (state.colour && colourOf(row.letter) !== state.colour) return false;
      if (state.mode && row.mode !== state.mode) return false;
      if (state.district && row.district !== state.district) return false;
      return !wanted || (row.name + " " + row.full + " " + row.code).toLowerCase().indexOf(wanted) >= 0;
    });
  }

  function themeKey(theme) {
    /* worst first: red, yellow, blue, grey; inside a colour the lower share first */
    var rank = theme.letter in RANK ? RANK[theme.letter] : 3;
    return rank * 10 + (theme.total ? theme.done / theme.total : 1);
  }
  function comparer(sort, themes, locale) {
    var down = sort.charAt(0) === "-", key = down ? sort.slice(1) : sort;
    var index = themes.map(function (t) { return t.c; }).indexOf(key);
    var collator = new Intl.Collator(locale);
    var plain = {
      name: function (a, b) { return collator.compare(a.name, b.name); },
      score: function (a, b) { return (a.score === null ? 999 : a.score) - (b.score === null ? 999 : b.score); },
      colour: function (a, b) {
        var x = a.letter in RANK ? RANK[a.letter] : 3, y = b.letter in RANK ? RANK[b.letter] : 3;
        return x - y || plain.score(a, b);
      },
      red: function (a, b) { return b.red - a.red || b.yellow - a.yellow; }
    };
    var compare = index >= 0
      ? function (a, b) { return themeKey(a.themes[index]) - themeKey(b.themes[index]); }
      : plain[key];
    if (!compare) return function (a, b) { return a.order - b.order; };
    return function (a, b) { return (down ? -1 : 1) * compare(a, b) || a.order - b.order; };
  }

  function groups(rows, by, payload) {
    if (by === "none") return [{ key: "", name: "", rows: rows }];
    var names = by === "district" ? payload.districts : payload.modes;
    var found = names.map(function (pair) { return { key: pair[0], name: pair[1], rows: [] }; });
    var at = {};
    found.forEach(function (group) { at[group.key] = group; });
    rows.forEach(function (row) { var group = at[by === "district" ? row.district : row.mode]; if (group) group.rows.push(row); });
    return found.filter(function (group) { return group.rows.length; });
  }

  /* drawing ----------------------------------------------------------------------------------- */
  function stripSvg(strip, words) {
    var paths = { b: "", y: "", r: "", g: "" };
    for (var i = 0; i < strip.length; i++) {
      var c = strip.charAt(i), x = i * SLOT;
      if (c === "b") paths.b += "M" + x + " 11h4v5h-4z";
      else if (c === "y") paths.y += "M" + x + " 6h4v10h-4z";
      else if (c === "r") paths.r += "M" + x + " 0h4v16h-4z";
      else if (c === "g") paths.g += "M" + x + " 14h4v2h-4z";
    }
    var inner = "";
    ["b", "y", "r", "g"].forEach(function (c) { if (paths[c]) inner += '<path class="s-' + c + '" d="' + paths[c] + '"/>'; });
    return '<svg class="strip" viewBox="0 0 ' + (strip.length * SLOT - 1) + ' 16" preserveAspectRatio="none" role="img" aria-label="' +
      esc(words.strip) + '">' + inner + "</svg>";
  }
  function mark(letter) { return '<i class="mk ' + colourOf(letter) + '"></i>'; }
  function themeText(theme, words) {
    if (LETTERS[theme.letter]) return "<b>" + esc(words.colour[theme.letter]) + '</b><span class="n">' + theme.done + "/" + theme.total + "</span>";
    return '<b class="why">' + esc(words.reason[theme.letter] || words.grey) + "</b>";
  }
  /* Few elements a cell: with 400 stations each one more costs 3 200. Marks are drawn by the style sheet. */
  function rowHtml(row, payload, suffix) {
    var words = payload.words, base = "/station/" + encodeURIComponent(row.code) + suffix;
    var label = LETTERS[row.letter] ? words.colour[row.letter] : words.reason[row.letter] || words.grey;
    var out = ['<tr role="row" data-code="', esc(row.code), '"><th role="rowheader" class="c-name"><a href="', esc(base), '" tabindex="-1"><span class="nm">',
      esc(row.name), "</span>", row.tag ? '<span class="tag">' + esc(row.tag) + "</span>" : "", "</a></th>",
      '<td role="gridcell" class="c-all k-', colourOf(row.letter), '"><a href="', esc(base), '" tabindex="-1"><b>', esc(label), '</b><span class="n">',
      row.score === null ? "" : row.score.toFixed(1), "</span></a></td>",
      '<td role="gridcell" class="c-red', row.red ? "" : " zero", '">', row.red, "</td>",
      '<td role="gridcell" class="c-strip">', stripSvg(row.strip, words), "</td>"];
    row.themes.forEach(function (theme, i) {
      var info = payload.themes[i];
      out.push('<td role="gridcell" class="t k-', colourOf(theme.letter), '" data-i="', i, '" data-l="', esc(info.s), '"><a tabindex="-1" href="', esc(base), "#",
        esc(info.c), '">', themeText(theme, words), "</a></td>");
    });
    out.push("</tr>");
    return out.join("");
  }

  function tip(row, index, payload) {
    var words = payload.words, from = 0;
    for (var i = 0; i < index; i++) from += payload.themes[i].n;
    var theme = payload.themes[index], lines = [row.full + " · " + theme.l];
    for (var k = from; k < from + theme.n; k++) {
      var c = row.tasks.charAt(k);
      lines.push((LETTERS[c] ? words.sign[c] + " " + words.colour[c] : words.sign.g + " " + (words.reason[c] || words.grey)) + "  " + payload.tasks[k]);
    }
    return lines.join("\n");
  }

  /* The body is written by hand: one string per row, rebuilt only when it differs. */
  function Body(tbody) {
    this.tbody = tbody;
    this.rows = {};
    this.list = [];
    this.token = 0;
  }
  /* The first picture of a long board is drawn in two steps: what fits a screen, then the rest. */
  Body.prototype.show = function (parts, payload, suffix, flash) {
    var self = this, total = parts.reduce(function (sum, part) { return sum + part.rows.length; }, 0);
    window.clearTimeout(this.rest);
    if (this.tbody.childNodes.length || total <= 2 * FIRST) return this.draw(parts, payload, suffix, flash);
    this.draw(head(parts, FIRST), payload, suffix, false);
    window.requestAnimationFrame(function () {
      self.rest = window.setTimeout(function () { self.draw(parts, payload, suffix, false); }, 40);
    });
  };
  function head(parts, most) {
    var left = most;
    return parts.map(function (part) {
      var rows = part.rows.slice(0, Math.max(0, left));
      left -= rows.length;
      return { key: part.key, name: part.name, rows: rows, all: part.all || part.rows };
    }).filter(function (part) { return part.rows.length; });
  }
  Body.prototype.draw = function (parts, payload, suffix, flash) {
    var self = this, old = this.rows, fresh = {}, wanted = [], by = {};
    var active = document.activeElement;
    parts.forEach(function (part) {
      if (part.name) wanted.push(self.header(part, payload));
      part.rows.forEach(function (row) {
        var html = rowHtml(row, payload, suffix), kept = old[row.code];
        if (!kept || kept.html !== html) kept = { tr: null, html: html, before: kept ? kept.tr : null };
        fresh[row.code] = kept;
        by[row.code] = row;
        wanted.push(kept);
      });
    });
    this.build(wanted, flash, active);
    for (var code in old) if (!fresh[code]) fresh[code] = old[code]; /* filtered rows come back unchanged */
    this.rows = fresh;
    this.by = by;
    this.place(wanted.map(function (kept) { return kept.tr; }));
    if (active && active !== document.activeElement && this.tbody.contains(active)) active.focus({ preventScroll: true });
    if (this.lost) { this.refocus(); }
    this.rove();
  };
  /* All new rows are parsed in one go. */
  Body.prototype.build = function (wanted, flash, active) {
    var self = this, missing = wanted.filter(function (kept) { return !kept.tr; });
    if (!missing.length) return;
    var parser = document.createElement("tbody");
    parser.innerHTML = missing.map(function (kept) { return kept.html; }).join("");
    var built = Array.prototype.slice.call(parser.children);
    this.lost = null;
    missing.forEach(function (kept, i) {
      kept.tr = built[i];
      if (kept.before) {
        if (active && kept.before.contains(active)) self.lost = { tr: kept.tr, at: links(kept.before).indexOf(active) };
        if (flash) kept.tr.classList.add("is-new");
        kept.before = null;
      }
    });
  };
  Body.prototype.refocus = function () {
    var link = links(this.lost.tr)[this.lost.at];
    if (link) { link.tabIndex = 0; link.focus({ preventScroll: true }); }
    this.lost = null;
  };
  Body.prototype.place = function (nodes) {
    if (sameNodes(this.tbody, nodes)) return;
    var fragment = document.createDocumentFragment();
    nodes.forEach(function (node) { fragment.appendChild(node); });
    this.tbody.textContent = "";
    this.tbody.appendChild(fragment);
  };
  Body.prototype.header = function (part, payload) {
    var words = payload.words, count = { blue: 0, yellow: 0, red: 0, grey: 0 };
    var rows = part.all || part.rows;
    rows.forEach(function (row) { count[colourOf(row.letter)]++; });
    var chips = ["r", "y", "b", "g"].filter(function (c) { return count[colourOf(c)]; }).map(function (c) {
      return '<span class="gc">' + mark(c) + esc(words.colour[c]) + ' <span class="n">' + count[colourOf(c)] + "</span></span>";
    });
    return { tr: null, html: '<tr role="row" class="group"><th role="rowheader"><span class="gh"><b>' + esc(part.name) + '</b><span class="gn">' +
      esc(fill(words.n_stations, { n: rows.length })) + "</span>" + chips.join("") + "</span></th></tr>" };
  };
  Body.prototype.rove = function () {
    if (!this.tbody.querySelector('a[tabindex="0"]')) {
      var first = this.tbody.querySelector("a");
      if (first) first.tabIndex = 0;
    }
  };
  function sameNodes(parent, nodes) {
    if (parent.childNodes.length !== nodes.length) return false;
    for (var i = 0; i < nodes.length; i++) if (parent.childNodes[i] !== nodes[i]) return false;
    return true;
  }

  /* arrow keys move between cells, Home/End along a row */
  function move(event) {
    var link = event.target;
    if (!link || link.tagName !== "A") return;
    var step = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0], Home: [0, -99], End: [0, 99] }[event.key];
    if (!step) return;
    var tr = link.closest("tr"), all = links(tr), at = all.indexOf(link), goal = link;
    if (step[0] === 0) goal = all[Math.max(0, Math.min(all.length - 1, at + step[1]))];
    else {
      var next = tr;
      do { next = step[0] > 0 ? next.nextElementSibling : next.previousElementSibling; } while (next && !links(next).length);
      if (next) goal = links(next)[Math.min(at, links(next).length - 1)];
    }
    event.preventDefault();
    if (goal === link) return;
    link.tabIndex = -1;
    goal.tabIndex = 0;
    goal.focus();
    goal.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
  function links(tr) { return Array.prototype.slice.call(tr.querySelectorAll("a")); }

  dcb.boardParts = { unpack: unpack, keep: keep, comparer: comparer, groups: groups, rowHtml: rowHtml, Body: Body,
    move: move, tip: tip, readState: readState, writeState: writeState, fill: fill, colourOf: colourOf };
})();
