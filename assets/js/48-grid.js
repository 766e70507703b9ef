/* Tables of many small numbers (hour and weekday, calendar): one stop for the Tab key, arrows inside. */
(function () {
  "use strict";
  var GRIDS = ".mp-matrix, .mp-cal";
  var STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

  function linkAt(row, column) {
    var cell = row && row.cells[column];
    return cell ? cell.querySelector("a[href]") : null;
  }
  function next(link, step) {
    var cell = link.closest("td"), row = cell.parentNode, rows = Array.from(cell.closest("table").rows);
    var y = rows.indexOf(row), x = cell.cellIndex, found = null;
    for (var n = 0; n < 40 && !found; n++) {
      y += step[0];
      x += step[1];
      if (x < 0 || !rows[y] || x >= rows[y].cells.length) return null;
      found = linkAt(rows[y], x);
    }
    return found;
  }
  /* the one stop: the cell that had the focus last, else the first */
  function oneStop(grid, link) {
    grid.querySelectorAll("a[href]").forEach(function (other) { other.tabIndex = other === link ? 0 : -1; });
  }
  document.addEventListener("focusin", function (event) {
    var grid = event.target.closest && event.target.closest(GRIDS);
    if (grid && event.target.matches("a[href]")) oneStop(grid, event.target);
  });
  document.addEventListener("keydown", function (event) {
    var step = STEPS[event.key], link = event.target.closest && event.target.closest("td > a[href]");
    if (!step || !link || !link.closest(GRIDS)) return;
    var found = next(link, step);
    if (!found) return;
    event.preventDefault();
    found.focus();
  });
  /* called by every tree that has been drawn (10-tree.js) */
  (window.dcb = window.dcb || {}).grids = function (root) {
    root.querySelectorAll(GRIDS).forEach(function (grid) {
      oneStop(grid, grid.querySelector("a[href][tabindex='0']") || grid.querySelector("a[href]"));
    });
  };
})();
