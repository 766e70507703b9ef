/* The banner of open alerts, one at a time: what nobody has taken note of comes first, as the server sorts them.
   An acknowledgement that has just come is shown at once, for one turn: whoever gave it sees that it arrived. */
(function () {
  "use strict";
  var wall = (window.wall = window.wall || {});
  var h = wall.h, say = wall.say, ALERT_S = 8, FRESH_MS = 6000, TWO_LINES = 116;
  var p = {}, at = { items: [], index: 0, nextAt: 0, born: {}, open: {}, first: "", noted: [], old: "" };

  function add(parent, tag, className, text) {
    var node = h(tag, className, text);
    parent.appendChild(node);
    return node;
  }
  function build(attention) {
    p.box = add(attention, "div", "alarm");
    p.sign = add(p.box, "span", "alarm-sign");
    var told = add(p.box, "div", "alarm-told");
    p.text = add(told, "p", "alarm-text");
    p.more = add(told, "p", "alarm-more");
    p.count = add(told, "p", "alarm-count");
    p.box.hidden = true;
  }

  /* An alert stirs for a moment after it was first seen, then it stands still. */
  function isFresh(one) {
    return one.new && !one.ack && performance.now() - (at.born[one.key] || 0) < FRESH_MS;
  }
  function take(list) {
    var born = {}, open = {}, now = performance.now(), first = list.length ? list[0].key : "";
    list.forEach(function (one) {
      born[one.key] = at.born[one.key] || now;
      if (!one.ack) open[one.key] = true;
      else if (at.open[one.key] && at.noted.indexOf(one.key) < 0) at.noted.push(one.key);
    });
    at.noted = at.noted.filter(function (key) { return born[key] && !open[key]; });
    if (at.noted.length && !at.held) hold(now);
    if (first !== at.first && list.some(function (one) { return one.new && !one.ack; })) at.index = 0;
    at.born = born; at.open = open; at.first = first; at.items = list;
    draw();
  }
  /* The acknowledgements that came are shown one after the other, then the list begins anew. */
  function hold(now) {
    at.held = at.noted.shift() || "";
    at.nextAt = now + ALERT_S * 1000;
    if (!at.held) at.index = 0;
  }
  function inView() {
    var list = at.items;
    for (var i = 0; at.held && i < list.length; i += 1) if (list[i].key === at.held) return i;
    return at.index % Math.max(1, list.length);
  }
  function draw() {
    var list = at.items, here = inView(), one = list[here];
    p.box.hidden = !one;
    p.box.parentNode.classList.toggle("alarmed", !!one);
    if (!one) return;
    wall.className(p.box, "alarm " + (one.level === "major" ? "major" : "red") + (one.ack ? " acked" : "") + (isFresh(one) ? " fresh" : ""));
    wall.text(p.sign, one.level === "major" ? "◆" : "■");
    var two = p.box.clientHeight >= TWO_LINES, room = (p.text.clientWidth || 400) * (two ? 1.85 : 1);
    wall.className(p.text, "alarm-text" + (two ? " is-two" : ""));
    wall.parts.fit(p.text, one.text, room, 27, 19, 600);
    var ack = one.ack ? say(one.ack.note ? "acked_note" : "acked", one.ack) : say("unacked");
    wall.text(p.more, (one.found || say("since", { at: wall.when(one.since).slice(0, 11) })) + " · " + ack); /* found: nobody saw it begin */
    var known = list.filter(function (other) { return other.ack; }).length, counts = [];
    if (list.length > known) counts.push(say("alerts_open", { n: list.length - known }));
    if (known) counts.push(say("alerts_known", { n: known }));
    wall.text(p.count, (at.old ? at.old + " · " : "") + (list.length > 1 ? say("page", { at: here + 1, n: list.length }) + " · " + counts.join(" · ") : ""));
  }
  wall.alarm = {
    build: build,
    take: take,
    /* While the server is silent the banner is as old as the rest, and says so. */
    mark: function (level, old) {
      if (level) p.box.setAttribute("data-level", level);
      else p.box.removeAttribute("data-level");
      if (at.old === old) return;
      at.old = old;
      draw();
    },
    beat: function (now) {
      if (at.items.length < 2 && !at.held) return;
      if (!at.nextAt) at.nextAt = now + ALERT_S * 1000;
      if (now < at.nextAt) return;
      if (at.held) hold(now);
      else { at.index = (at.index + 1) % at.items.length; at.nextAt = now + ALERT_S * 1000; }
      draw();
    }
  };
})();
