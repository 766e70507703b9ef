/* For tests: draws one screen's panels into #canvas without the wall's stage, and reads the texts that are shown. */
window.setUp = function (given) {
  var picture = given.picture, canvas = document.getElementById("canvas"), grid = given.grid, bodies = {};
  window.failed = [];
  canvas.replaceChildren();
  window.picture = picture;
  wall.words = picture.words;
  wall.ground = function () { return given.ground; };
  var known = { b: ["●", "blue"], y: ["▲", "yellow"], r: ["■", "red"] };
  window.stage = { shape: given.shape, width: given.size[0], height: given.size[1], status: given.status, scale: 1, lang: picture.lang,
    words: picture.words, focus: null, calm: true, letter: function (code) {
      var found = known[code] || ["○", "grey"];
      return { sign: found[0], cls: found[1], key: code, word: picture.colours[known[code] ? code : "g"] };
    } };
  canvas.setAttribute("style", "position:static;display:grid;gap:12px;transform:none;width:" + given.size[0] + "px;height:" + given.size[1] + "px;" +
    "grid-template-columns:" + grid.columns.replace(/(\S+fr)/g, "minmax(0,$1)") + ";grid-template-rows:" + grid.rows.replace(/(\S+fr)/g, "minmax(0,$1)") +
    ";grid-template-areas:" + grid.areas.map(function (row) { return '"' + row + '"'; }).join(" "));
  Array.from(new Set(grid.areas.join(" ").split(" "))).forEach(function (code) {
    var panel = wall.h("section", "panel"), head = wall.h("div", "panel-head");
    panel.style.gridArea = code;
    head.appendChild(wall.h("span", "panel-page"));
    bodies[code] = wall.h("div", "panel-body");
    bodies[code].id = code;
    [head, bodies[code]].forEach(function (part) { panel.appendChild(part); });
    canvas.appendChild(panel);
  });
  window.redraw = function () {
    Object.keys(bodies).forEach(function (code) {
      var panel = picture.panels[code];
      try {
        wall.panels[code].draw(bodies[code], panel, picture, stage);
        if (wall.panels[code].head) wall.panels[code].head(panel, stage);
      } catch (problem) { window.failed.push(code + ": " + problem); }
    });
  };
};

/* Every text: its size, and what cuts it off, if anything does ("the ink, not the line": fonts have high lines). */
window.textsShown = () => {
  const found = [], walker = document.createTreeWalker(document.getElementById("canvas"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode, element = text.parentElement, range = document.createRange();
    range.selectNodeContents(text);
    const box = range.getBoundingClientRect();
    if (!text.data.trim() || !box.width) continue;
    const size = parseFloat(getComputedStyle(element).fontSize), middle = (box.top + box.bottom) / 2, upright = getComputedStyle(element).writingMode !== "horizontal-tb";
    const top = upright ? box.top : middle - 0.42 * size, bottom = upright ? box.bottom : middle + 0.42 * size; /* the ink, not the line */
    let cut = "", up = element;
    for (; up && up.id !== "canvas"; up = up.parentElement) {
      const style = getComputedStyle(up), edge = up.getBoundingClientRect();
      if (style.overflow === "visible") continue;
      if (box.right > edge.right + 1.5 && style.textOverflow !== "ellipsis") cut = up.className + " right";
      if (bottom > edge.bottom + 1.5 || top < edge.top - 1.5) cut = up.className + " above or below";
      if (style.textOverflow === "ellipsis") break;
    }
    found.push({ text: text.data, size: size, cut: cut });
  }
  return found;
};
