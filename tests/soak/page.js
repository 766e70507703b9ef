/* Put into an open wall: counts what it takes over and draws, and refreshes it at once. */
(function () {
  "use strict";
  var soak = (window.soak = { taken: 0, draws: {}, failed: 0, missed: [], screens: {}, alerts: { open: 0, acked: 0, none: 0 } });
  var last = {}, versions = {}, show = wall.stage.show;
  function number() { return wall.picture ? parseInt(String(wall.picture.version).split(".")[0], 16) : 0; }
  wall.stage.show = function () {
    soak.taken += 1;
    show.apply(wall.stage, arguments);
  };
  Object.keys(wall.panels).forEach(function (code) {
    var draw = wall.panels[code].draw;
    soak.draws[code] = 0;
    wall.panels[code].draw = function (node, panel) {
      soak.draws[code] += 1;
      draw.apply(this, arguments);
      last[code] = panel.data;
    };
  });
  /* Panels in view whose newest data were not drawn. */
  function undrawn() {
    var found = [];
    document.querySelectorAll(".screen:not([hidden]) .panel").forEach(function (node) {
      var code = node.getAttribute("data-panel"), kept = wall.kept(code);
      if (!kept || !kept.data || !last[code] || kept.data === last[code]) return;
      if (JSON.stringify(kept.data) !== JSON.stringify(last[code])) found.push(code);
    });
    return found;
  }
  /* Refreshes until data of this version are drawn, `told` being the name the title bar must show; gives "" or what is wrong. */
  soak.next = function (version, told) {
    return new Promise(function (done) {
      var begin = performance.now();
      (function look() {
        var late = performance.now() - begin > 30000, good = number() >= version && !wall.state.inFlight;
        if (!good && !late) {
          if (!wall.state.inFlight) wall.pollNow();
          window.setTimeout(look, 8);
          return;
        }
        var wrong = late ? "not within 30 s" : undrawn().join(" ");
        var bar = document.querySelector(".bar-leader").textContent;
        if (!wrong && bar.split(" ").pop() !== told) wrong = "title bar says " + bar + " in place of " + told;
        if (wrong && soak.missed.length < 20) soak.missed.push(version + ": " + wrong);
        soak.screens[wall.state.screen] = (soak.screens[wall.state.screen] || 0) + 1;
        var alarms = wall.picture ? wall.picture.alerts : [];
        if (!alarms.length) soak.alerts.none += 1;
        else if (alarms.some(function (one) { return one.ack; })) soak.alerts.acked += 1;
        else soak.alerts.open += 1;
        done(wrong);
      })();
    });
  };
})();
