/* Reloading by itself: once for a new release, and when the page's own heart or memory is ill. Always
   after a probe: a wall never leaves a picture for an address that would not answer. */
(function () {
  "use strict";
  var wall = (window.wall = window.wall || {});
  var GUARD = "wall-reload", SAME_AGAIN_MS = 600000, ILL_AGAIN_MS = 3600000, LOOK_MS = 5000, STUCK_MS = 90000, HEAP_SHARE = 0.6, HEAP_BYTES = 600e6;
  var probing = false, heavy = 0;

  function guard() {
    try { return JSON.parse(window.sessionStorage.getItem(GUARD) || "{}"); } catch (none) { return null; }
  }
  /* Whether a reload for this reason was not already made a short while ago. */
  function free(why, ms) {
    var last = guard();
    if (last === null) return false; /* without a memory there could be a loop */
    return last.why !== why || Date.now() - last.at > ms || Date.now() < last.at;
  }
  function scripts(text) {
    var found = [], look = /(?:src|href)="(\/assets\/lazy\/wall\/[^"]+)"/g, hit;
    while ((hit = look.exec(text)) && found.length < 40) found.push(hit[1].replace(/&amp;/g, "&"));
    return found;
  }
  function fetched(address) {
    return window.fetch(address, { cache: "no-store", credentials: "same-origin" }).then(function (answer) {
      if (!answer.ok || answer.redirected) throw new Error(address + " " + answer.status);
      return answer.text();
    });
  }
  /* Reloads once for `why`, when /wall and all its files answer; `build`: only if they are of this release. */
  wall.renew = function (why, build) {
    if (probing || !free(why, build ? SAME_AGAIN_MS : ILL_AGAIN_MS)) return;
    probing = true;
    fetched("/wall" + window.location.search).then(function (text) {
      var files = scripts(text);
      if (!files.length || (build && text.indexOf('data-build="' + build + '"') < 0)) throw new Error("another release still answers");
      return Promise.all(files.map(fetched));
    }).then(function () {
      window.sessionStorage.setItem(GUARD, JSON.stringify({ why: why, at: Date.now() }));
      window.location.reload();
    }).catch(function () { probing = false; }); /* tried again with the next picture */
  };

  function tooHeavy() {
    var memory = window.performance.memory;
    if (!memory || !memory.usedJSHeapSize) return false;
    var bound = Math.min(HEAP_BYTES, HEAP_SHARE * (memory.jsHeapSizeLimit || Infinity));
    heavy = memory.usedJSHeapSize > bound ? heavy + 1 : 0;
    return heavy >= 12; /* a minute on end: not what the next collection takes away */
  }
  function look() {
    var state = wall.state, now = performance.now();
    if (now - state.beatAt > STUCK_MS || now - state.sentAt > STUCK_MS) wall.renew("stuck", null);
    else if (tooHeavy()) wall.renew("memory", null);
  }
  wall.watch = function () { window.setInterval(look, LOOK_MS); };
})();
