/* Which screen is in view: the playlist turns by itself, new alerts bring their screen forward, the other
   screens keep their share of the time, and whoever touches the wall stops it for a while. */
(function () {
  "use strict";
  var wall = (window.wall = window.wall || {});
  var CURSOR_MS = 3000, HELP_MS = 10000, CHIMED = "wall-chimed";
  var at = { screens: [], rules: {}, alerts: [], index: 0, kind: "normal", since: 0, last: 0, owed: 0, turn: 0, pausedUntil: 0, cursorUntil: 0, helpUntil: 0, chimed: null, audio: null, blocked: false };
  wall.rotating = at;

  function screenAt(code) {
    for (var i = 0; i < at.screens.length; i += 1) if (at.screens[i].code === code) return i;
    return -1;
  }
  /* Screens that alerts ask for, in the order of the alerts; none when every screen would be asked for. */
  function wanted() {
    var found = [];
    at.alerts.forEach(function (alert) {
      if (alert.new && !alert.ack && screenAt(alert.screen) >= 0 && found.indexOf(alert.screen) < 0) found.push(alert.screen);
    });
    return found;
  }
  function dwell(screen) {
    if (at.kind === "alert") return at.rules.alert_dwell || 30;
    return at.screens.length > 1 ? screen.dwell || 0 : 0; /* 0: stays */
  }
  function go(index, kind, now) {
    at.index = index;
    at.kind = kind;
    at.since = now;
    var screen = at.screens[index];
    wall.stage.turn(screen.code, dwell(screen) || null);
    wall.state.kind = kind;
  }
  function onward(step, now) {
    var asked = wanted(), count = at.screens.length, next = at.index;
    for (var i = 0; i < count; i += 1) {
      next = (next + step + count) % count;
      if (asked.indexOf(at.screens[next].code) < 0) break; /* shown as an alert, not twice */
    }
    go(next, "normal", now);
  }
  /* Seconds that the other screens are owed after an alert was in view for `shown` seconds. */
  function owedAfter(shown) {
    var share = Math.min(0.95, Math.max(0.05, at.rules.alert_share || 0.5));
    return (shown * (1 - share)) / share;
  }
  function rotate(now) {
    var asked = wanted(), here = at.screens[at.index], stood = (now - at.since) / 1000;
    if (at.kind === "alert") {
      if (asked.indexOf(here.code) < 0 || stood >= dwell(here)) {
        at.owed = owedAfter(Math.min(stood, dwell(here)));
        if (at.screens.length > 1) onward(1, now);
        else at.kind = "normal";
      }
      return;
    }
    at.owed = Math.max(0, at.owed - (now - at.last) / 1000);
    if (asked.length && !at.owed && at.screens.length > 1) {
      at.turn += 1;
      go(screenAt(asked[at.turn % asked.length]), "alert", now);
    } else if (dwell(here) && stood >= dwell(here)) onward(1, now);
  }

  /* pausing ------------------------------------------------------------------------------------- */
  function pause() {
    at.pausedUntil = performance.now() + 1000 * (at.rules.pause_seconds || 60);
    wall.state.paused = true;
  }
  function resume() {
    at.pausedUntil = 0;
    at.since = performance.now();
    wall.state.paused = false;
    if (wall.view.focus) wall.setFocus(null);
  }
  wall.focus = function (code) {
    wall.setFocus(code);
    pause();
  };
  function step(by) {
    if (!at.screens.length) return;
    at.kind = "normal";
    go((at.index + by + at.screens.length) % at.screens.length, "normal", performance.now());
    pause();
  }
  function choose(index) {
    if (index >= at.screens.length) return;
    go(index, "normal", performance.now());
    pause();
  }
  function onKey(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    var key = event.key, known = true;
    heard();
    if (key === "ArrowRight" || key === "PageDown") step(1);
    else if (key === "ArrowLeft" || key === "PageUp") step(-1);
    else if (key === "Home") choose(0);
    else if (/^[1-9]$/.test(key)) choose(Number(key) - 1);
    else if (key === " ") { if (wall.state.paused) resume(); else pause(); }
    else if (key === "Escape") { at.helpUntil = 0; resume(); }
    else if (key === "?" || key === "h") at.helpUntil = performance.now() + HELP_MS;
    else known = false;
    if (known) event.preventDefault();
    if (wall.frame) wall.frame.beat(performance.now());
  }
  function onPointer() {
    heard();
    pause();
  }
  function onMove() {
    at.cursorUntil = performance.now() + CURSOR_MS;
    document.documentElement.classList.remove("no-cursor");
  }

  /* one chime for a new alert ------------------------------------------------------------------- */
  function chimed() {
    if (at.chimed) return at.chimed;
    try { at.chimed = JSON.parse(window.sessionStorage.getItem(CHIMED) || "{}"); } catch (none) { at.chimed = {}; }
    return at.chimed;
  }
  function listen(picture) {
    var before = chimed(), now = {}, fresh = false;
    picture.alerts.forEach(function (alert) {
      now[alert.key] = 1;
      if (alert.new && !alert.ack && !before[alert.key]) fresh = true;
    });
    if (wall.state.restored) return;
    at.chimed = now; /* only the alerts that are open: the list cannot grow */
    try { window.sessionStorage.setItem(CHIMED, JSON.stringify(now)); } catch (none) { /* kept in memory */ }
    if (fresh && picture.display.sound) chime();
    else if (!picture.display.sound) at.blocked = false;
  }
  function context() {
    var Audio = window.AudioContext || window.webkitAudioContext;
    if (!at.audio && Audio) at.audio = new Audio();
    return at.audio;
  }
  function tone(audio, hertz, from) {
    var wave = audio.createOscillator(), loud = audio.createGain(), start = audio.currentTime + from;
    wave.frequency.value = hertz;
    loud.gain.setValueAtTime(0.0001, start);
    loud.gain.exponentialRampToValueAtTime(0.3, start + 0.02);
    loud.gain.exponentialRampToValueAtTime(0.0001, start + 0.7);
    wave.connect(loud);
    loud.connect(audio.destination);
    wave.start(start);
    wave.stop(start + 0.75);
  }
  function chime() {
    wall.state.chimes += 1;
    try {
      var audio = context();
      if (!audio) { at.blocked = true; return; }
      if (audio.state === "running") { tone(audio, 880, 0); tone(audio, 659.25, 0.35); at.blocked = false; return; }
      at.blocked = true;
      audio.resume().then(function () { if (at.blocked) { at.blocked = false; tone(audio, 880, 0); tone(audio, 659.25, 0.35); } }).catch(function () { at.blocked = true; });
    } catch (problem) { at.blocked = true; wall.trouble("sound", problem); }
  }
  /* A touch or key is what browsers wait for before they allow sound. */
  function heard() {
    if (at.audio && at.audio.state !== "running") at.audio.resume().then(function () { at.blocked = false; }).catch(function () { at.blocked = true; });
  }

  wall.rotation = {
    /* Takes over the playlist and alerts of a picture; the screen in view stays. */
    follow: function (picture) {
      var now = performance.now(), here = at.screens[at.index];
      at.screens = picture.screens;
      at.rules = picture.rules;
      at.alerts = picture.alerts;
      listen(picture);
      var kept = here ? screenAt(here.code) : -1;
      if (kept < 0) { at.last = now; go(0, "normal", now); } else { at.index = kept; wall.stage.turn(at.screens[kept].code, dwell(at.screens[kept]) || null); }
      wall.state.kind = at.kind;
    },
    beat: function (now) {
      if (at.cursorUntil && now > at.cursorUntil) { at.cursorUntil = 0; document.documentElement.classList.add("no-cursor"); }
      if (at.pausedUntil && now >= at.pausedUntil) resume();
      if (!at.pausedUntil) rotate(now);
      at.last = now;
    },
    /* How far the screen in view has come, 0..1; null when nothing turns. */
    share: function (now) {
      var screen = at.screens[at.index], whole = screen ? dwell(screen) : 0;
      return whole && !at.pausedUntil ? Math.min(1, (now - at.since) / 1000 / whole) : null;
    },
    pauseLeft: function (now) { return at.pausedUntil ? Math.max(0, Math.ceil((at.pausedUntil - now) / 1000)) : 0; },
    helping: function (now) { return now < at.helpUntil; },
    go: choose
  };
  document.addEventListener("keydown", onKey);
  document.addEventListener("pointerdown", onPointer);
  document.addEventListener("wheel", onPointer, { passive: true });
  document.addEventListener("pointermove", onMove);
  document.documentElement.classList.add("no-cursor");
})();
