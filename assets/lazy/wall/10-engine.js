/* The wall's heart: one request at a time, the server's clock, what is old and how old.

   wall.state is plain data about all of it, for tests and for whoever looks. Times named ...At are
   milliseconds of performance.now(), which no clock change moves; the PC's own clock is only compared
   with it, to notice sleep and changes. */
(function () {
  "use strict";
  var wall = (window.wall = window.wall || {});
  var ABORT_MS = 20000, CAP_MS = 15000, HATCH_MS = 60000, JUMP_MS = 2000, BEAT_MS = 250, KEEP_EVERY_MS = 60000;
  var state = (wall.state = {
    build: null, polls: 0, answers: 0, failures: 0, inFlight: 0, mostInFlight: 0, every: 5000, dueAt: 0, sentAt: 0, etag: null,
    goodAt: null, lostSleep: 0, level: "", refused: "", hint: "", unsure: true, offset: null, zone: null, jumps: 0, restored: false,
    keptAt: null, beatAt: 0, name: "", panels: {}, screen: null, paused: false, chimes: 0, problems: 0 });
  var hands = { stop: null, timer: null, serial: 0, kept: {}, sigs: {}, seen: null };
  wall.picture = null;
  wall.asked = "";

  /* who asks ------------------------------------------------------------------------------------ */
  function token() { return decodeURIComponent((window.location.hash || "").replace(/^#/, "")); }
  function headers() {
    var found = { Accept: "application/json" };
    if (token()) found.Authorization = "Bearer " + token();
    return found;
  }
  /* The same query as the page's own, without a cached answer. Rejects unless the answer is JSON. */
  wall.ask = function (path) {
    return window.fetch(path, { headers: headers(), credentials: "same-origin" }).then(function (answer) {
      if (!answer.ok) throw new Error(path + " " + answer.status);
      return answer.json();
    });
  };

  /* asking -------------------------------------------------------------------------------------- */
  function spread(ms, low, high) { return ms * (low + (high - low) * Math.random()); }
  function wait() {
    if (state.refused) return spread(Math.min(CAP_MS, 3 * state.every), 1, 1.3);
    if (!state.failures) return spread(state.every, 0.95, 1.05);
    return spread(Math.min(CAP_MS, 2 * state.every, state.every * Math.pow(2, state.failures - 1)), 0.7, 1);
  }
  function poll() {
    if (state.inFlight) return;
    var mine = (hands.serial += 1), stop = (hands.stop = new AbortController()), given = headers();
    state.inFlight += 1;
    state.mostInFlight = Math.max(state.mostInFlight, state.inFlight);
    state.polls += 1;
    state.sentAt = performance.now();
    if (state.etag) given["If-None-Match"] = state.etag;
    window.fetch("/api/wall/picture" + window.location.search, { headers: given, cache: "no-store", credentials: "same-origin", signal: stop.signal })
      .then(function (answer) { return read(answer, mine); })
      .then(function () { ended(mine, null); }, function (problem) { ended(mine, problem); });
  }
  function ended(mine, problem) {
    if (mine !== hands.serial) return; /* given up before */
    state.inFlight = 0;
    hands.stop = null;
    state.failures = problem ? state.failures + 1 : 0;
    state.problem = problem ? String(problem.message || problem) : "";
    state.dueAt = performance.now() + wait();
    judge();
  }
  function giveUp() {
    var stop = hands.stop;
    hands.serial += 1;
    hands.stop = null;
    state.inFlight = 0;
    if (stop) stop.abort();
  }
  /* At once: after sleep, when the network is back, when the page is seen again. */
  wall.pollNow = function () {
    if (state.inFlight && performance.now() - state.sentAt > JUMP_MS) giveUp();
    state.dueAt = performance.now();
    poll();
  };
  /* The display's own name, beside the picture that it shares with others. */
  function setName(answer) {
    try { state.name = decodeURIComponent(answer.headers.get("X-Board-Display") || ""); } catch (garbled) { state.name = ""; }
  }
  function read(answer, mine) {
    if (answer.ok || answer.status === 304) setName(answer);
    if (answer.status === 304 && wall.picture && !state.restored) { setClock(answer, null); good(); return null; }
    if (answer.status === 401 || answer.status === 403) return answer.json().catch(function () { return {}; }).then(function (told) { if (mine === hands.serial) refuse(told, "refused_hint"); });
    if (answer.status === 400 || answer.status === 404) return answer.json().catch(function () { return {}; }).then(function (told) {
      if (!sentenceOf(told)) throw new Error("status " + answer.status); /* of something between us and the board */
      if (mine === hands.serial) refuse(told, "address_hint");
    });
    if (!answer.ok) throw new Error("status " + answer.status);
    if (answer.redirected) throw new Error("redirected");
    var tag = answer.headers.get("ETag");
    return answer.text().then(function (text) {
      if (mine !== hands.serial) return;
      var picture = checked(JSON.parse(text));
      setClock(answer, picture);
      state.etag = tag;
      state.restored = false;
      good();
      take(picture);
      keep(text);
    });
  }
  /* What the answer itself says; "" where something between us and the board answered. */
  function sentenceOf(told) {
    var error = (told && told.error) || {};
    return typeof error.message === "string" ? error.message : "";
  }
  function refuse(told, hint) {
    state.refused = sentenceOf(told) || wall.say("refused");
    state.hint = hint;
    state.etag = null;
    forget();
    wall.picture = null;
    hands.kept = {}; hands.sigs = {};
    if (wall.stage) wall.stage.clear();
    throw new Error("refused");
  }
  function good() {
    state.goodAt = performance.now();
    state.lostSleep = 0;
    state.refused = "";
    state.answers += 1;
  }

  /* A picture of the right shape, else an error; single panels of a wrong shape become broken ones. */
  function checked(picture) {
    function is(thing) { return thing && typeof thing === "object" && !Array.isArray(thing); }
    if (!is(picture) || !is(picture.panels) || !is(picture.title) || !Array.isArray(picture.screens) || !picture.screens.length) throw new Error("not a picture");
    if (!is(picture.rules)) picture.rules = {};
    if (!is(picture.words)) picture.words = {};
    if (!is(picture.display)) picture.display = {};
    ["feeds", "alerts"].forEach(function (name) { picture[name] = Array.isArray(picture[name]) ? picture[name].filter(is) : []; });
    picture.screens = picture.screens.filter(function (screen) { return is(screen) && is(screen.shapes); });
    if (!picture.screens.length) throw new Error("no screens");
    Object.keys(picture.panels).forEach(function (code) {
      if (!is(picture.panels[code])) picture.panels[code] = { title: code, at: null, state: "broken", why: "", data: null };
    });
    return picture;
  }

  /* taking a picture over: each panel by itself, the last good data of a broken one stay */
  function take(picture) {
    var now = performance.now();
    if (picture.poll) state.every = Math.min(60000, Math.max(100, picture.poll * 1000));
    if (picture.build && state.build && picture.build !== state.build && wall.renew) wall.renew("build:" + picture.build, picture.build);
    Object.keys(hands.kept).forEach(function (code) { if (!picture.panels[code]) { delete hands.kept[code]; delete hands.sigs[code]; delete state.panels[code]; } });
    Object.keys(picture.panels).forEach(function (code) { adopt(code, picture.panels[code], now); });
    wall.picture = picture;
    Object.assign(wall.words, picture.words);
    judge();
    if (wall.stage) wall.stage.show();
  }
  function adopt(code, panel, now) {
    var about = state.panels[code] || (state.panels[code] = { level: "", brokenAt: null, drawn: 0, failed: "" });
    var whole = panel.state !== "broken" && panel.data !== null && panel.data !== undefined;
    about.brokenAt = whole ? null : about.brokenAt === null ? now : about.brokenAt;
    about.late = panel.state === "late";
    about.why = panel.why || "";
    if (whole || !hands.kept[code]) hands.kept[code] = panel;
    var sig = whole ? JSON.stringify(panel.data) : null;
    if (sig !== null && sig !== hands.sigs[code]) { hands.sigs[code] = sig; about.serial = (about.serial || 0) + 1; }
    if (about.failed) about.serial = (about.serial || 0) + 1; /* a drawing that failed is tried again */
  }
  /* What is to be drawn of a panel: the last good answer, or null. */
  wall.kept = function (code) { return hands.kept[code] || null; };

  /* "Data as of …", one time for all while the server is silent: whatever stands there is as old as the title says;
     else the panel's own time. */
  wall.asOf = function (panel) {
    var whole = wall.picture && wall.picture.title.data_at, at = panel && !(state.level && whole) ? panel.at : whole;
    return at ? wall.say("data_at", { at: wall.when(at) }) : wall.say("no_data");
  };

  /* what is old --------------------------------------------------------------------------------- */
  function age() { return state.goodAt === null ? Infinity : performance.now() - state.goodAt + state.lostSleep; }
  function levelOf() {
    var old = age();
    if (state.restored || old > HATCH_MS) return "hatched";
    if (old > 2.4 * state.every + 500 || state.failures >= 2 || (state.unsure && state.lostSleep)) return "amber";
    return "";
  }
  function judge() {
    var now = performance.now(), whole = levelOf();
    state.level = whole;
    Object.keys(state.panels).forEach(function (code) {
      var about = state.panels[code], own = about.late || about.failed ? "amber" : "";
      if (about.brokenAt !== null) own = now - about.brokenAt > HATCH_MS || !(hands.kept[code] && hands.kept[code].data) ? "hatched" : "amber";
      about.level = whole === "hatched" || own === "hatched" ? "hatched" : whole || own;
    });
    if (wall.stage) wall.stage.mark();
    if (wall.frame) wall.frame.mark();
  }

  /* the clock ----------------------------------------------------------------------------------- */
  function wallTime(iso) {
    var part = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?/.exec(iso || "");
    return part ? Date.UTC(+part[1], part[2] - 1, +part[3], +part[4], +part[5], +(part[6] || 0), +(part[7] || 0)) : null;
  }
  wall.parse = wallTime;
  function setClock(answer, picture) {
    var date = Date.parse(answer.headers.get("Date") || ""), told = answer.headers.get("X-Board-Now") || (picture && picture.now);
    var now = wallTime(told), rest = /\.\d/.test(told || "") ? 0 : 500;
    if (now !== null && date) state.zone = Math.round((now - date) / 900000) * 900000;
    if (now === null && date && state.zone !== null) now = date + state.zone;
    if (now === null) return;
    var found = now - performance.now();
    /* Answers tell whole seconds: the clock is moved only when it is really off, so that it never stutters. */
    if (state.offset === null || state.unsure || Math.abs(found + rest - state.offset) > 1500) state.offset = found + rest;
    state.unsure = false;
  }
  /* A Date whose UTC fields are the server's wall time; null before the first answer. */
  wall.now = function () { return state.offset === null ? null : new Date(performance.now() + state.offset); };
  function two(n) { return (n < 10 ? "0" : "") + n; }
  wall.two = two;
  wall.when = function (iso) {
    var at = wallTime(iso);
    if (at === null) return "—";
    var day = new Date(at);
    return two(day.getUTCMonth() + 1) + "-" + two(day.getUTCDate()) + " " + two(day.getUTCHours()) + ":" + two(day.getUTCMinutes()) + ":" + two(day.getUTCSeconds());
  };
  /* Both clocks of the PC run at one pace, unless somebody set one or the machine slept. */
  function watchClocks() {
    var apart = Date.now() - performance.now();
    var jump = hands.seen === null ? 0 : apart - hands.seen;
    hands.seen = apart;
    if (Math.abs(jump) <= JUMP_MS) return;
    state.jumps += 1;
    state.unsure = true;
    if (jump > 0) state.lostSleep += jump;
    wall.pollNow();
  }

  /* the last picture outlives a restart of the browser --------------------------------------------- */
  function shelf() {
    var text = token() + window.location.search, sum = 5381;
    for (var i = 0; i < text.length; i += 1) sum = ((sum * 33) ^ text.charCodeAt(i)) >>> 0;
    return "wall-picture:" + sum.toString(36);
  }
  function keep(text) {
    if (state.keptAt !== null && performance.now() - state.keptAt < KEEP_EVERY_MS) return;
    try { forgetOthers(shelf()); window.localStorage.setItem(shelf(), text); state.keptAt = performance.now(); } catch (full) { state.keptAt = performance.now(); }
  }
  function forgetOthers(but) {
    Object.keys(window.localStorage).forEach(function (name) { if (name.indexOf("wall-picture:") === 0 && name !== but) window.localStorage.removeItem(name); });
  }
  function forget() {
    state.keptAt = null;
    try { forgetOthers(""); } catch (closed) { /* no storage, nothing kept */ }
  }
  function restore() {
    try {
      var text = window.localStorage.getItem(shelf());
      if (!text) return;
      var picture = checked(JSON.parse(text));
      state.restored = true;
      picture.build = null;
      picture.alerts.forEach(function (alert) { alert.new = false; });
      take(picture);
    } catch (damaged) { forget(); }
  }

  /* the beat ------------------------------------------------------------------------------------ */
  function beat() {
    var now = performance.now();
    state.beatAt = now;
    watchClocks();
    if (state.inFlight && now - state.sentAt > ABORT_MS) { giveUp(); state.failures += 1; state.problem = "no answer"; state.dueAt = now + wait(); }
    if (!state.inFlight && now >= state.dueAt) poll();
    judge();
    if (wall.stage) wall.stage.beat(now);
    if (wall.frame) wall.frame.beat(now);
  }
  function safely() {
    try { beat(); } catch (problem) { wall.trouble("beat", problem); }
  }
  /* Said once per place and text; the list of what was said is bounded. */
  var said = {}, many = 0;
  wall.trouble = function (where, problem) {
    var text = where + ": " + (problem && problem.message ? problem.message : problem);
    state.problems += 1;
    if (said[text] || many > 50) return;
    said[text] = true;
    many += 1;
    console.warn("wall: " + text);
  };
  wall.start = function () {
    var root = document.documentElement;
    state.build = root.getAttribute("data-build");
    try { Object.assign(wall.words, JSON.parse(root.getAttribute("data-words") || "{}")); } catch (none) { /* the picture brings them */ }
    if (wall.frame) wall.frame.build();
    if (wall.stage) wall.stage.build();
    restore();
    window.addEventListener("online", wall.pollNow);
    window.addEventListener("pageshow", wall.pollNow);
    window.addEventListener("hashchange", function () { window.location.reload(); });
    document.addEventListener("visibilitychange", function () { if (!document.hidden) wall.pollNow(); });
    hands.timer = window.setInterval(safely, BEAT_MS);
    safely();
    if (wall.watch) wall.watch();
  };
  document.addEventListener("DOMContentLoaded", wall.start); /* after all deferred scripts */
})();
