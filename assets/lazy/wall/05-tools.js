/* Small tools of the wall: making nodes, re-using them, paging through long lists, filling sentences.
   Text always goes in as text; a node once made is re-used, so an open wall does not grow. */
(function () {
  "use strict";
  var wall = (window.wall = window.wall || {});
  var LEAST_PAGE_S = 2.5, LONGEST_PAGE_S = 12;
  wall.panels = wall.panels || {};
  wall.words = {};

  /* h("div", "row hot", "text") makes an element; all but the tag may be left out. */
  wall.h = function (tag, className, text) {
    var node = document.createElement(tag);
    if (className) node.className = className;
    if (text !== undefined && text !== null) node.textContent = text;
    return node;
  };

  /* Writes only what changed: an equal text costs no painting. */
  wall.text = function (node, text) {
    var said = text === undefined || text === null ? "" : String(text);
    if (node.textContent !== said) node.textContent = said;
    return node;
  };
  wall.className = function (node, name) {
    if (node.className !== name) node.className = name;
    return node;
  };

  /* The children of `parent`, one per item in the order of the items, re-used by key. `key`: a property's name or
     a function of (item, index). make(item) -> node; update(node, item, index). A repeated key gets a suffix. */
  wall.keyed = function (parent, items, key, make, update) {
    var old = parent.wallKept || {}, kept = {}, at = parent.firstChild;
    (items || []).forEach(function (item, index) {
      var name = String(typeof key === "function" ? key(item, index) : item[key]);
      while (Object.prototype.hasOwnProperty.call(kept, name)) name += "+";
      var node = old[name] || make(item, index);
      delete old[name];
      kept[name] = node;
      if (node === at) at = at.nextSibling;
      else parent.insertBefore(node, at);
      if (update) update(node, item, index);
    });
    Object.keys(old).forEach(function (name) { if (old[name].parentNode === parent) parent.removeChild(old[name]); });
    parent.wallKept = kept;
    return parent;
  };

  /* "{n} red" with {n: 3} -> "3 red". A word that is not known is shown as its key. */
  wall.fill = function (sentence, values) {
    return String(sentence).replace(/\{(\w+)\}/g, function (whole, name) {
      return values && values[name] !== undefined && values[name] !== null ? String(values[name]) : "";
    });
  };
  wall.say = function (key, values) {
    return wall.fill(Object.prototype.hasOwnProperty.call(wall.words, key) ? wall.words[key] : key, values);
  };

  /* paging ------------------------------------------------------------------------------------- */
  /* Pages through a list in a box of its own: `node` must have a height (or `room`: rows of a page). Called with
     every drawing; the page that stands is kept, and the whole list passes within `seconds` of being shown.
       items, rowHeight (px), draw(row, item, index), make() -> row (a div.row by default),
       columns (1), seconds (the picture's list_seconds), mark (where "3/4" is written; the panel's head by default), said(page, pages) -> text (as "3/4"). */
  wall.pager = function (node, given) {
    var state = node.wallPager || (node.wallPager = { page: 0, nextAt: 0, rows: [] });
    node.classList.add("paged");
    state.given = given;
    paint(node, state);
    return node;
  };
  function perPage(node, given) {
    var high = Math.max(1, given.room || Math.floor((node.clientHeight + 1) / (given.rowHeight || 32)));
    return high * (given.columns || 1);
  }
  function paint(node, state) {
    var given = state.given, items = given.items || [], per = perPage(node, given);
    state.pages = Math.max(1, Math.ceil(items.length / per));
    if (state.page >= state.pages) state.page = 0;
    var from = state.page * per, shown = Math.min(per, items.length - from);
    while (state.rows.length < shown) {
      var made = given.make ? given.make() : wall.h("div", "row");
      state.rows.push(made);
      node.appendChild(made);
    }
    while (state.rows.length > Math.max(shown, per)) node.removeChild(state.rows.pop());
    state.rows.forEach(function (row, at) {
      row.hidden = at >= shown;
      if (at < shown) given.draw(row, items[from + at], from + at);
    });
    markPage(node, state);
  }
  function markPage(node, state) {
    var panel = node.closest ? node.closest(".panel") : null;
    var mark = state.given.mark || (panel && panel.querySelector(".panel-page"));
    if (!mark) return;
    var said = state.given.said || function (at, n) { return at + "/" + n; };
    wall.text(mark, state.pages > 1 ? said(state.page + 1, state.pages) : "");
  }
  function pageSeconds(state, whole) {
    return Math.min(LONGEST_PAGE_S, Math.max(LEAST_PAGE_S, (state.given.seconds || whole) / state.pages));
  }
  /* Turns the pages below `root` that are due; `whole`: seconds for a whole list. Called by the stage's beat. */
  wall.turnPages = function (root, now, whole) {
    Array.prototype.forEach.call(root.querySelectorAll(".paged"), function (node) {
      var state = node.wallPager;
      if (!state || state.pages < 2) return;
      if (!state.nextAt) state.nextAt = now + pageSeconds(state, whole) * 1000;
      if (now < state.nextAt) return;
      state.page = (state.page + 1) % state.pages;
      state.nextAt = now + pageSeconds(state, whole) * 1000;
      try { paint(node, state); } catch (problem) { console.warn("wall: a page of a list was not drawn:", problem); }
    });
  };
  /* A screen that was hidden does not turn a page in the moment it is shown. */
  wall.restPages = function (root) {
    Array.prototype.forEach.call(root.querySelectorAll(".paged"), function (node) { if (node.wallPager) node.wallPager.nextAt = 0; });
  };
})();
