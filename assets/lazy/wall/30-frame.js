/* What stands around the panels: title bar with the server's clock, the row that asks for attention
   (open alerts, and every red task), the foot with its news line, and the sheets over everything. */
(function () {
  "use strict";
  var wall = (window.wall = window.wall || {});
  var h = wall.h, say = wall.say, LEAST_S = 3, ITEM_S = 7, ALERT_S = 8, FEED_S = 6, FRESH_MS = 6000;
  var p = {}, news = { items: [], at: 0, nextAt: 0 }, alerts = { items: [], at: 0, nextAt: 0, born: {}, first: "" }, feeds = { items: [], at: 0, nextAt: 0, all: 0 }, reds = [], lastSecond = "";

  function add(parent, tag, className, text) {
    var node = h(tag, className, text);
    parent.appendChild(node);
    return node;
  }
  function show(node, is) { if (node.hidden === is) node.hidden = !is; }

  function build() {
    var bar = document.getElementById("bar"), attention = document.getElementById("attention"), foot = document.getElementById("foot");
    var left = add(bar, "div", "bar-left");
    p.clock = add(left, "time", "bar-clock", "--:--:--");
    var day = add(left, "div", "bar-day");
    p.date = add(day, "span", "bar-date");
    p.weekday = add(day, "span", "bar-weekday");
    var middle = add(bar, "h1", "bar-title");
    p.unit = add(middle, "span", "bar-unit");
    p.system = add(middle, "span", "bar-system");
    var right = add(bar, "div", "bar-right");
    p.demo = add(right, "span", "bar-demo");
    var facts = add(right, "div", "bar-facts");
    p.dataAt = add(facts, "span", "bar-data");
    p.leader = add(facts, "span", "bar-leader");
    p.note = add(facts, "span", "bar-note");

    p.alert = add(attention, "div", "alarm");
    p.alertSign = add(p.alert, "span", "alarm-sign");
    var told = add(p.alert, "div", "alarm-told");
    p.alertText = add(told, "p", "alarm-text");
    p.alertMore = add(told, "p", "alarm-more");
    p.alertPage = add(p.alert, "span", "alarm-page");
    p.strip = add(attention, "div", "redlist");
    p.count = add(p.strip, "div", "redlist-count");
    p.countSign = add(p.count, "span", "redlist-sign");
    p.countNumber = add(p.count, "b", "redlist-number");
    var about = add(p.count, "div", "redlist-about");
    p.countWord = add(about, "span", "redlist-word");
    p.stripPage = add(about, "span", "redlist-page");
    p.list = add(p.strip, "div", "redlist-list");
    p.stripMark = add(p.strip, "span", "redlist-mark");

    p.screens = add(foot, "div", "foot-screens");
    p.newsBox = add(foot, "div", "foot-news");
    p.newsMark = add(p.newsBox, "span", "news-mark");
    p.newsText = add(p.newsBox, "span", "news-text");
    p.newsPage = add(p.newsBox, "span", "news-page");
    p.sound = add(foot, "span", "foot-sound");
    p.feeds = add(foot, "div", "foot-feeds");
    p.feedText = add(p.feeds, "span", "feed-text");
    p.feedPage = add(p.feeds, "span", "feed-page");
    p.version = add(foot, "span", "foot-version");
    p.name = add(foot, "span", "foot-name");
    p.link = add(foot, "span", "foot-link");

    p.door = document.getElementById("door");
    p.door.textContent = "";
    p.doorText = add(p.door, "p", "door-text");
    p.doorHint = add(p.door, "p", "door-hint");
    p.doorClock = add(p.door, "p", "door-clock");
    p.pause = add(document.getElementById("canvas"), "div", "pause");
    p.help = add(document.getElementById("canvas"), "div", "help");
    p.pause.hidden = p.help.hidden = true;
    mark();
  }

  /* title bar ----------------------------------------------------------------------------------- */
  function titles(picture) {
    var title = picture.title;
    wall.text(p.unit, title.unit);
    wall.text(p.system, title.system);
    document.title = (title.unit || "") + (title.system || "");
    show(p.demo, !!picture.demo);
    wall.text(p.demo, say("demo"));
    wall.text(p.leader, title.leader ? say("leader") + " " + title.leader : "");
    wall.text(p.note, title.note || "");
    show(p.note, !!title.note);
    wall.text(p.dataAt, title.data_at ? say("data_at", { at: wall.when(title.data_at) }) : say("no_data"));
  }
  function clock() {
    var now = wall.now(), two = wall.two;
    if (!now) { wall.text(p.clock, "--:--:--"); return; }
    var second = two(now.getUTCHours()) + ":" + two(now.getUTCMinutes()) + ":" + two(now.getUTCSeconds());
    wall.className(p.clock, "bar-clock" + (wall.state.unsure ? " unsure" : ""));
    if (second === lastSecond) return;
    lastSecond = second;
    wall.text(p.clock, second);
    var month = now.getUTCMonth() + 1;
    wall.text(p.date, say("date", { y: now.getUTCFullYear(), d: now.getUTCDate(), month: String(wall.words.months || "").split(" ")[month - 1] }));
    wall.text(p.weekday, say("weekday_" + ((now.getUTCDay() + 6) % 7)));
  }

  /* alerts: one at a time, the unacknowledged first as the server sorts them ------------------------ */
  /* An alert stirs for a moment after it was first seen, then it stands still. */
  function isFresh(one) {
    return one.new && !one.ack && performance.now() - (alerts.born[one.key] || 0) < FRESH_MS;
  }
  function noteAlerts(list) {
    var born = {}, now = performance.now();
    list.forEach(function (one) { born[one.key] = alerts.born[one.key] || now; });
    alerts.born = born;
    alerts.items = list;
  }
  function drawAlert() {
    var list = alerts.items, one = list[alerts.at % Math.max(1, list.length)];
    show(p.alert, !!one);
    document.getElementById("attention").classList.toggle("alarmed", !!one);
    if (!one) return;
    wall.className(p.alert, "alarm " + (one.level === "major" ? "major" : "red") + (one.ack ? " acked" : "") + (isFresh(one) ? " fresh" : ""));
    wall.text(p.alertSign, one.level === "major" ? "◆" : "■");
    wall.text(p.alertText, one.text);
    var ack = one.ack ? say(one.ack.note ? "acked_note" : "acked", one.ack) : say("unacked");
    wall.text(p.alertMore, say("since", { at: wall.when(one.since).slice(0, 11) }) + " · " + ack);
    wall.text(p.alertPage, list.length > 1 ? (alerts.at % list.length) + 1 + "/" + list.length : "");
  }

  /* the red strip: every station with a red task, by name, at the height that is read across the room - */
  function groups(rows) {
    var found = [], by = {};
    rows.forEach(function (row) {
      var key = row.c || row.station, group = by[key];
      if (!group) found.push((group = by[key] = { c: row.c, name: row.station, rows: [], hard: false }));
      group.rows.push(row);
      group.hard = group.hard || row.hard;
    });
    return found;
  }
  function makeRed() {
    var node = h("div", "hot"), top = add(node, "div", "hot-top"), low = add(node, "div", "hot-low");
    node.parts = { name: add(top, "span", "hot-name"), hard: add(top, "span", "hot-hard"), task: add(low, "span", "hot-task"), value: add(low, "span", "hot-value"), more: add(low, "span", "hot-more") };
    return node;
  }
  function drawRed(node, group) {
    var first = group.rows.filter(function (row) { return row.hard; })[0] || group.rows[0];
    node.setAttribute("data-station", group.c || "");
    wall.className(node, "hot" + (group.hard ? " hard" : "") + (wall.view.focus ? (wall.view.focus === group.c ? " is-focus" : " is-dim") : ""));
    wall.text(node.parts.name, group.name);
    wall.text(node.parts.hard, group.hard ? say("hard") : "");
    wall.text(node.parts.task, first.task);
    wall.text(node.parts.value, first.value);
    wall.text(node.parts.more, group.rows.length > 1 ? say("reds_items", { n: group.rows.length }) : "");
  }
  function drawStrip() {
    var panel = wall.kept("redlist"), rows = panel && panel.data && Array.isArray(panel.data.rows) ? panel.data.rows : null;
    reds = rows ? groups(rows) : [];
    wall.text(p.countNumber, rows ? rows.length : "—");
    wall.text(p.countSign, "■");
    wall.text(p.countWord, rows && !rows.length ? say("reds_none") : say("reds"));
    wall.className(p.count, "redlist-count" + (rows && rows.length ? " some" : ""));
    var least = wall.view.lang === "en" ? 300 : Math.max(230, Math.round(wall.view.status * 4.9));
    var fitting = Math.max(1, Math.floor(p.list.clientWidth / least)), columns = Math.min(fitting, Math.max(1, reds.length));
    p.list.style.setProperty("--columns", String(columns));
    p.list.style.setProperty("--widest", 2 * least + "px");
    wall.pager(p.list, { items: reds, room: 1, columns: columns, make: makeRed, draw: drawRed, mark: p.stripPage });
  }

  /* the foot ------------------------------------------------------------------------------------ */
  function drawNews() {
    var list = news.items, one = list[news.at % Math.max(1, list.length)];
    wall.className(p.newsMark, "news-mark " + (one ? { red: "mk red", yellow: "mk yellow", major: "mk major" }[one.level] || "mk none" : ""));
    wall.text(p.newsText, one ? one.text : "");
    wall.text(p.newsPage, list.length > 1 ? (news.at % list.length) + 1 + "/" + list.length : "");
  }
  function takeFeeds(picture) {
    feeds.items = picture.feeds.filter(function (feed) { return feed.state !== "fresh"; });
    feeds.all = picture.feeds.length;
    drawFeeds();
  }
  function drawFeeds() {
    var list = feeds.items, feed = list[feeds.at % Math.max(1, list.length)];
    wall.className(p.feeds, "foot-feeds" + (feed ? " " + feed.state : ""));
    wall.text(p.feedText, feed ? say(feed.last_at ? "feed_late" : "feed_absent", { name: feed.name, at: wall.when(feed.last_at).slice(0, 11) })
      : feeds.all ? say("feeds_fine", { n: feeds.all }) : "");
    wall.text(p.feedPage, list.length > 1 ? (feeds.at % list.length) + 1 + "/" + list.length : "");
  }
  function drawScreens(picture) {
    var many = picture.screens.length > 1;
    wall.keyed(p.screens, many ? picture.screens : [], "code", function () {
      var node = h("span", "stop");
      add(node, "i", "stop-fill");
      add(node, "span", "stop-name");
      return node;
    }, function (node, screen, index) {
      node.onclick = function () { wall.rotation.go(index); };
      wall.text(node.lastChild, screen.name);
    });
  }
  function progress(now) {
    var share = wall.rotation.share(now);
    Array.prototype.forEach.call(p.screens.children, function (node, index) {
      var here = wall.picture.screens[index] && wall.picture.screens[index].code === wall.state.screen;
      node.classList.toggle("here", !!here);
      node.firstChild.style.transform = "scaleX(" + (here ? (share === null ? 1 : Math.round(share * 40) / 40) : 0) + ")";
    });
  }

  /* marks and sheets ---------------------------------------------------------------------------- */
  function linkState() {
    var state = wall.state;
    if (state.level === "hatched") return ["lost", say("unlinked", { at: lastGood() })];
    if (state.level === "amber" || state.failures) return ["slow", say("linking")];
    return ["fine", say("linked")];
  }
  function lastGood() {
    var now = wall.now(), state = wall.state;
    if (!now || state.goodAt === null) return wall.picture ? wall.when(wall.picture.now) : "";
    return wall.when(new Date(now - (performance.now() - state.goodAt)).toISOString());
  }
  function mark() {
    var state = wall.state, link = linkState(), red = state.panels.redlist;
    wall.className(p.link, "foot-link " + link[0]);
    wall.text(p.link, link[1]);
    wall.text(p.name, state.name);
    wall.className(p.dataAt, "bar-data" + (state.level || old() ? " old" : ""));
    var level = red ? red.level : "", panel = wall.kept("redlist");
    if (level) p.strip.setAttribute("data-level", level);
    else p.strip.removeAttribute("data-level");
    wall.text(p.stripMark, level ? (panel && panel.data ? say("data_at", { at: wall.when(panel.at) }) : say("no_data")) : "");
    show(p.door, !!state.refused || !wall.picture);
    if (p.door.hidden) return;
    wall.text(p.doorText, state.refused || (state.failures ? say("no_answer") : say("connecting")));
    wall.text(p.doorHint, state.refused ? say("refused_hint") : "");
    wall.text(p.doorClock, wall.now() ? wall.when(wall.now().toISOString()) : "");
  }
  /* The data themselves are old although the server answers: a feed stands still. */
  function old() {
    return !!wall.picture && wall.picture.feeds.some(function (feed) { return feed.state === "late"; });
  }
  function sheets(now) {
    var left = wall.rotation.pauseLeft(now), focus = wall.view.focus;
    show(p.pause, left > 0);
    if (left) wall.text(p.pause, (focus ? say("focused", { name: nameOf(focus) }) + " · " : "") + say("paused", { s: left }));
    var help = wall.rotation.helping(now);
    if (help && p.help.hidden) {
      p.help.textContent = "";
      ["help_title", "help_turn", "help_choose", "help_space", "help_focus"].forEach(function (key) { add(p.help, "p", "", say(key)); });
    }
    show(p.help, help);
    show(p.sound, wall.rotating.blocked);
    if (wall.rotating.blocked) wall.text(p.sound, say("sound_blocked"));
  }
  function nameOf(code) {
    var panels = wall.picture ? wall.picture.panels : {}, rows = (((panels.board || {}).data || {}).rows || []).concat(((panels.redlist || {}).data || {}).rows || []);
    var hit = rows.filter(function (row) { return row.c === code; })[0];
    return hit ? hit.name || hit.station : code;
  }

  function turn(list, now, seconds, draw) {
    if (list.items.length < 2) return;
    if (!list.nextAt) list.nextAt = now + seconds * 1000;
    if (now < list.nextAt) return;
    list.nextAt = now + seconds * 1000;
    list.at = (list.at + 1) % list.items.length;
    draw();
  }
  function each(draws) {
    draws.forEach(function (draw) { try { draw(); } catch (problem) { wall.trouble("frame", problem); } });
  }
  function safeMark() { each([mark]); }

  wall.frame = {
    build: build,
    /* A new picture, another size or another station in focus. */
    show: function (picture) {
      var ticker = wall.kept("ticker");
      news.items = ticker && ticker.data && Array.isArray(ticker.data.items) ? ticker.data.items : [];
      noteAlerts(picture.alerts);
      if (picture.alerts.some(function (one) { return one.new && !one.ack; }) && alerts.first !== picture.alerts[0].key) alerts.at = 0;
      alerts.first = picture.alerts.length ? picture.alerts[0].key : "";
      each([function () { titles(picture); }, drawAlert, drawStrip, drawNews, function () { takeFeeds(picture); }, function () { drawScreens(picture); },
        function () { wall.text(p.version, picture.rules.version ? say("rules", { version: picture.rules.version }) : ""); }]);
    },
    mark: safeMark,
    strip: function () { each([drawStrip]); },
    beat: function (now) {
      each([clock]);
      if (!wall.picture) return;
      var whole = wall.picture.rules.list_seconds || 60;
      each([function () { progress(now); }, function () { sheets(now); }]);
      turn(news, now, Math.min(ITEM_S, Math.max(LEAST_S, whole / Math.max(1, news.items.length))), drawNews);
      turn(alerts, now, ALERT_S, drawAlert);
      turn(feeds, now, FEED_S, drawFeeds);
      wall.turnPages(p.strip, now, whole);
    }
  };
})();
