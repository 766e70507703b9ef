/* Put into an open wall: looks ten times a second whether a panel in view is blank, and when marks change. */
(function () {
  "use strict";
  var seen = (window.seen = { looks: 0, blank: [], doors: 0 });
  window.setInterval(function () {
    seen.looks += 1;
    if (!document.getElementById("door").hidden) { seen.doors += 1; return; }
    document.querySelectorAll(".screen:not([hidden]) .panel").forEach(function (node) {
      var body = node.querySelector(".panel-body"), code = node.getAttribute("data-panel");
      if (!body.childNodes.length && seen.blank.length < 20) seen.blank.push(code);
    });
    if (!document.querySelector(".screen:not([hidden])") && seen.blank.length < 20) seen.blank.push("no screen");
  }, 100);
})();
