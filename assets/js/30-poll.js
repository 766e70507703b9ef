/* Asks every few seconds whether there is something new, and says so when the picture is old.
   One request at a time; a page that is still answering is not asked again; errors back off. */
(function () {
  "use strict";
  var dcb = (window.dcb = window.dcb || {});
  var ANSWER_MS = 30000, AMBER_MS = 15000, LOST_MS = 60000, HIDDEN_MS = 60000, SLOWEST_MS = 60000, REQUEST_MS = 20000, AGAIN_MS = 150;
  var state = { version: null, alerts: 0, build: null, every: 5000, etag: null, failures: 0, busy: false, timer: null, baseline: null,
    shown: undefined, asked: null, askedAt: 0, goodAt: Date.now(), pollOk: false, retry: 0, echo: null, hiddenAt: 0 };

  function setProps(id, props) {
    if (window.dash_clientside && window.dash_clientside.set_props) window.dash_clientside.set_props(id, props);
  }
  function inPast() { return new URLSearchParams(window.location.search).has("as_of"); }

  /* asking ------------------------------------------------------------------------------------ */
  function schedule(ms) {
    window.clearTimeout(state.timer);
    state.timer = window.setTimeout(poll, ms);
  }
  function wait() {
    if (!state.failures) return state.every;
    var base = Math.min(SLOWEST_MS, state.every * Math.pow(2, state.failures - 1));
    return base * (0.8 + 0.4 * Math.random());
  }
  function poll() {
    if (state.busy) return;
    if (document.hidden && state.hiddenAt && Date.now() - state.hiddenAt > HIDDEN_MS) return; /* resumes on return */
    state.busy = true;
    var stop = new AbortController();
    var clock = window.setTimeout(function () { stop.abort(); }, REQUEST_MS);
    var headers = { Accept: "application/json" };
    if (state.etag) headers["If-None-Match"] = state.etag;
    fetch("/api/poll", { headers: headers, cache: "no-store", credentials: "same-origin", signal: stop.signal })
      .then(read).then(function () { state.failures = 0; state.pollOk = true; })
      .catch(function () { state.failures += 1; state.pollOk = false; })
      .then(function () {
        window.clearTimeout(clock);
        state.busy = false;
        look();
        schedule(wait());
      });
  }
  function read(response) {
    if (response.status === 304) return null;
    if (response.redirected || response.status === 401 || response.status === 403) { reloadOnce("door"); throw new Error("door"); }
    if (!response.ok) throw new Error("poll " + response.status);
    state.etag = response.headers.get("ETag");
    return response.json().then(take);
  }
  function take(news) {
    if (news.s) state.every = Math.max(1000, news.s * 1000);
    if (state.build === null) state.build = news.b;
    else if (news.b !== undefined && news.b !== state.build) reloadOnce("build:" + news.b);
    state.version = news.v;
    if (news.a !== undefined) state.alerts = news.a;
    if (state.shown === undefined && state.baseline === null) state.baseline = news.v;
    offer();
  }
  /* Alerts that nobody has acknowledged, in the top bar of every page. */
  function ring() {
    var bell = document.querySelector("[data-waiting-alerts]"), count = state.alerts;
    if (!bell || bell.lastChild.textContent === String(count || "")) return;
    var text = bell.getAttribute("data-waiting-alerts").replace("{n}", count);
    bell.hidden = !count;
    bell.title = text;
    bell.setAttribute("aria-label", text);
    bell.lastChild.textContent = count || "";
  }
  dcb.alertsWaiting = function (count) { state.alerts = count; ring(); };
  function reloadOnce(why) {
    try {
      var key = "dcb-reload", last = JSON.parse(window.sessionStorage.getItem(key) || "{}");
      if (last.why === why && Date.now() - last.at < 60000) return;
      window.sessionStorage.setItem(key, JSON.stringify({ why: why, at: Date.now() }));
    } catch (ignored) { return; }
    window.location.reload();
  }

  /* telling the page -------------------------------------------------------------------------- */
  function pending() { return state.asked !== null && Date.now() - state.askedAt < ANSWER_MS; }
  function current() { return inPast() || state.version === null || state.shown === state.version; }
  function offer() {
    if (state.shown === undefined || current() || pending()) return;
    /* Asked before and never answered: the same value again would not count as a change. */
    state.retry = state.asked === state.version ? state.retry + 1 : 0;
    state.asked = state.version;
    state.askedAt = Date.now();
    setProps("version", { data: state.version + (state.retry ? "#" + state.retry : "") });
  }
  dcb.answered = function (echo) {
    state.shown = echo.v === null || echo.v === undefined ? state.baseline : String(echo.v).split("#")[0];
    state.asked = null;
    state.echo = echo;
    state.goodAt = Date.now();
    if (echo.demo !== undefined) document.documentElement.setAttribute("data-demo", echo.demo ? "1" : "0");
    if (echo.at) setProps("clock", { children: echo.data ? echo.data.replace("T", " ") : "—" });
    look();
    offer();
    if (echo.again) window.setTimeout(askAgain, AGAIN_MS); /* still reading: the page shows how far */
  };
  /* The same question once more; a counter, because the same value would not count as a change. */
  function askAgain() {
    var page = document.querySelector("[data-page]");
    if (!page) return;
    var query = { again: String((state.again = (state.again || 0) + 1)) };
    new URLSearchParams(window.location.search).forEach(function (value, key) { query[key] = value; });
    setProps(page.getAttribute("data-page") + "-query", { data: query });
  }

  /* saying how old ---------------------------------------------------------------------------- */
  function look() {
    var now = Date.now();
    if (state.pollOk && (current() || (pending() && now - state.askedAt < AMBER_MS))) state.goodAt = now;
    var age = now - state.goodAt;
    var level = age > LOST_MS ? "lost" : age > AMBER_MS ? "amber" : "";
    show(level);
    ring();
  }
  function show(level) {
    var bar = document.getElementById("stale"), root = document.documentElement;
    if ((root.getAttribute("data-stale") || "") !== level) {
      if (level) root.setAttribute("data-stale", level); else root.removeAttribute("data-stale");
    }
    if (!bar) return;
    bar.hidden = !level;
    if (!level) return;
    var at = state.echo && (state.echo.data || state.echo.at);
    var text = bar.getAttribute(level === "lost" ? "data-lost" : "data-waiting").replace("{at}", at ? at.replace("T", " ") : "—");
    if (bar.textContent !== text) bar.textContent = text;
  }

  document.addEventListener("visibilitychange", function () {
    if (document.hidden) { state.hiddenAt = Date.now(); return; }
    if (state.hiddenAt && Date.now() - state.hiddenAt > state.every) { state.goodAt = Date.now(); state.failures = 0; schedule(0); }
    state.hiddenAt = 0;
  });
  window.addEventListener("online", function () { state.failures = 0; schedule(0); });
  window.setInterval(function () { look(); offer(); }, 1000);
  dcb.pollState = state;
  poll();
})();
