/* What stands around the panels: title bar with the server's clock, the row that asks for attention
   (open alerts, and every red task), the foot with its news line, and the sheets over everything. */
(function () {
  "use strict";
  var wall = (window.wall = window.wall || {});
  var h = wall.h, say = wall.say, LEAST_S = 3, ITEM_S = 7, FEED_S = 6;
  var p = {}, news = { items: [], at: 0, nextAt: 0 }, feeds = { items: [], at: 0, nextAt: 0, all: 0 }, reds = [], lastSecond = "";

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

    wall.alarm.build(attention);
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
    p.pause = add(bar, "div", "pause");
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
    wall.text(p.dataAt, title.data_at ? wall.asOf(null) : say("no_data"));
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

  /* the red strip: every station with a red task, by name, at the height that is read across the room - */
  function groups(rows) {
    var found = [], by = {};
    rows.forEach(function (row) {
      var key = row.c || row.station, group = by[key];
      if (!group) found.push((group = by[key] = { c: row.c, name: row.station, o: row.o || "r", rows: [], hard: false }));
      group.rows.push(row);
      group.hard = group.hard || row.hard;
    });
    return found;
  }
  function makeRed() {
    var node = h("div", "hot"), top = add(node, "div", "hot-top"), low = add(node, "div", "hot-low");
    node.parts = { sign: add(top, "i", "hot-sign"), name: add(top, "span", "hot-name"), hard: add(top, "span", "hot-hard"), aside: add(top, "span", "hot-more"), task: add(low, "span", "hot-task"), value: add(low, "span", "hot-value"), more: add(low, "span", "hot-more") };
    return node;
  }
  function drawRed(node, group) {
    var first = group.rows.filter(function (row) { return row.hard; })[0] || group.rows[0];
    var sign = wall.view.letter(group.o);
    node.setAttribute("data-station", group.c || "");
    wall.className(node, "hot of-" + sign.cls + (group.hard ? " hard" : "") + (wall.view.focus === group.c ? " is-focus" : "")); /* red is never dimmed */
    wall.className(node.parts.sign, "hot-sign sg k-" + sign.key);
    wall.text(node.parts.name, group.name);
    wall.text(node.parts.hard, group.hard ? say("hard") : "");
    wall.text(node.parts.value, first.value);
    var more = group.rows.length > 1 ? say("reds_items", { n: group.rows.length }) : "", parts = wall.parts, size = nameSize(), room = p.hotRoom;
    var above = parts.width(group.name || "", size, 600) + size * 0.62 + (group.hard ? parts.width(say("hard"), 18, 600) + 18 : 0) + 24 + parts.width(more, 20, 400) < room;
    wall.text(node.parts.aside, above ? more : "");
    var left = room - parts.width(first.value || "", 20, 400) - 10, least = parts.width(first.task || "", 16, 400) * 1.03, beside = parts.width(more, 20, 400) + 8;
    var below = !above && more && least <= left - beside; /* the task's name before the count */
    wall.text(node.parts.more, below ? more : "");
    parts.fit(node.parts.task, first.task, below ? left - beside : left, 20, 16, 400);
  }
  function nameSize() { return wall.view.status / 0.88 * (wall.view.lang === "en" ? 0.86 : 1); }
  function drawStrip() {
    var panel = wall.kept("redlist"), rows = panel && panel.data && Array.isArray(panel.data.rows) ? panel.data.rows : null;
    reds = rows ? groups(rows) : [];
    wall.text(p.countNumber, rows ? rows.length : "—");
    wall.text(p.countSign, "■");
    wall.text(p.countWord, rows && !rows.length ? say("reds_none") : say("reds"));
    wall.className(p.count, "redlist-count" + (rows && rows.length ? " some" : ""));
    var size = nameSize(), names = reds.map(function (group) { return group.name || ""; });
    var least = Math.round(Math.min(Math.max(260, wall.view.status * 7.3), wall.parts.widest(names, size, 600) + size * 0.62 + 96));
    least = Math.max(240, least);
    var fitting = Math.max(1, Math.floor(p.list.clientWidth / least)), columns = Math.min(fitting, Math.max(1, reds.length));
    p.hotRoom = Math.min(2 * least, Math.floor(p.list.clientWidth / columns)) - 32;
    p.list.style.setProperty("--columns", String(columns));
    p.list.style.setProperty("--widest", 2 * least + "px");
    wall.pager(p.list, { items: reds, room: 1, columns: columns, make: makeRed, draw: drawRed, mark: p.stripPage, said: function (at, n) { return say("page", { at: at, n: n }); } });
  }

  /* the foot ------------------------------------------------------------------------------------ */
  function drawNews() {
    var list = news.items, one = list[news.at % Math.max(1, list.length)];
    wall.className(p.newsMark, "news-mark " + (one ? { red: "mk red", yellow: "mk yellow", major: "mk major" }[one.level] || "mk none" : ""));
    wall.text(p.newsPage, list.length > 1 ? (news.at % list.length) + 1 + "/" + list.length : "");
    fitNews();
  }
  /* What is too long for the line loses part of the task's name; station and value are always whole. */
  function fitNews() {
    var one = news.items[news.at % Math.max(1, news.items.length)], parts = wall.parts, said = one ? String(one.text) : "";
    var room = Math.max(80, p.newsBox.clientWidth - p.newsMark.offsetWidth - p.newsPage.offsetWidth - 40);
    if (said && parts.width(said, 19, 400) > room) said = shorter(said, room);
    parts.fit(p.newsText, said, room, 21, 19, 400);
  }
  function shorter(said, room) {
    var panel = wall.kept("redlist"), rows = (panel && panel.data && panel.data.rows) || [];
    var row = rows.filter(function (one) { return one.task && said.indexOf(one.station + " " + one.task + " ") === 0; })[0];
    if (!row) return said;
    var rest = said.slice(row.station.length + row.task.length + 1), left = room - wall.parts.width(row.station + " " + rest, 19, 400) * 1.03;
    return left > 60 ? row.station + " " + wall.parts.cut(row.task, left, 19, 400) + rest : said.slice(0, said.length - rest.length) + rest.replace(/ ?[（(].*$/, "");
  }
  function takeFeeds(picture) {
    feeds.items = picture.feeds.filter(function (feed) { return feed.state !== "fresh"; });
    feeds.all = picture.feeds.length;
    drawFeeds();
  }
  function drawFeeds() {
    var list = feeds.items, feed = list[feeds.at % Math.max(1, list.length)];
    wall.className(p.feeds, "foot-feeds" + (feed ? " " + feed.state : ""));
    wall.text(p.feedText, feed ? feed.said || feed.name
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
    wall.alarm.mark(state.level, state.level ? wall.asOf(null) : "");
    var level = red ? red.level : "", panel = wall.kept("redlist"), before = p.strip.getAttribute("data-level") || "";
    if (level) p.strip.setAttribute("data-level", level);
    else p.strip.removeAttribute("data-level");
    wall.text(p.stripMark, level ? (panel && panel.data ? wall.asOf(panel) : say("no_data")) : "");
    if (level !== before && wall.picture) drawStrip(); /* the mark has a place of its own beside the stations */
    show(p.door, !!state.refused || !wall.picture);
    if (p.door.hidden) return;
    wall.text(p.doorText, state.refused || (state.failures ? say("no_answer") : say("connecting")));
    wall.text(p.doorHint, state.refused ? say(state.hint) : "");
    wall.text(p.doorClock, wall.now() ? wall.when(wall.now().toISOString()) : "");
  }
  /* The newest data themselves are old although the server answers: one late source among others stands in the foot. */
  function old() {
    var picture = wall.picture, newest = picture && picture.title.data_at;
    if (!picture || !picture.feeds.length) return false;
    var last = picture.feeds.filter(function (feed) { return feed.last_at && feed.last_at === newest; });
    return last.length ? last.some(stands) : picture.feeds.every(stands);
  }
  function stands(feed) {
    return feed.state !== "fresh";
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
      each([function () { titles(picture); }, function () { wall.alarm.take(picture.alerts); }, drawStrip, function () { drawScreens(picture); },
        function () { wall.text(p.version, picture.rules.version ? say("rules", { version: picture.rules.version }) : ""); },
        function () { takeFeeds(picture); }, drawNews]);
    },
    mark: safeMark,
    strip: function () { each([drawStrip]); },
    beat: function (now) {
      each([clock]);
      if (!wall.picture) return;
      var whole = wall.picture.rules.list_seconds || 60;
      each([function () { progress(now); }, function () { sheets(now); }, fitNews]);
      turn(news, now, Math.min(ITEM_S, Math.max(LEAST_S, whole / Math.max(1, news.items.length))), drawNews);
      each([function () { wall.alarm.beat(now); }]);
      turn(feeds, now, FEED_S, drawFeeds);
      wall.turnPages(p.strip, now, whole);
    }
  };
})();
