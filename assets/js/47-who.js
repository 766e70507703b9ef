/* Who is signed in, in the top bar; a role to try on the demo; the watermark.

   The page itself holds no identity (it may be kept and shared); this asks for it once, and again when the page
   comes back to the front. All text is set as text. */
(function () {
  "use strict";
  var WATER_LINES = 60, asked = 0;

  function element(tag, name, text) {
    var made = document.createElement(tag);
    if (name) made.className = name;
    if (text) made.textContent = text;
    return made;
  }

  function form(action, fields, text) {
    var made = element("form"), button = element("button", "", text);
    made.method = "post";
    made.action = action;
    Object.keys(fields).forEach(function (name) {
      var field = element("input");
      field.type = "hidden";
      field.name = name;
      field.value = fields[name];
      made.appendChild(field);
    });
    button.type = "submit";
    made.appendChild(button);
    return made;
  }

  function here() { return window.location.pathname + window.location.search; }

  function panel(me, words) {
    var box = element("div", "who-box");
    if (me.person) {
      box.appendChild(element("p", "who-person", me.person));
      box.appendChild(element("p", "who-role", me.role_name + (me.units.length ? " " + me.units.join(" ") : "")));
    } else box.appendChild(element("p", "who-role", words.open));
    if (me.person && !me.demo) {
      var own = element("a", "", words.own);
      own.href = "/account";
      box.appendChild(own);
    }
    if (me.session) box.appendChild(form("/sign-out", {}, words.out));
    if (me.try.length) {
      box.appendChild(element("p", "who-try", words.trying));
      me.try.forEach(function (one) {
        box.appendChild(form("/sign-in/demo", { role: one[0], next: one[0] === "auditor" ? "/audit" : here() }, one[1]));
      });
    }
    return box;
  }

  function show(me) {
    var place = document.getElementById("who");
    if (me.open) document.documentElement.setAttribute("data-open", "");
    if (!place || (me.open && !me.try.length)) return;
    var words = place.dataset, details = element("details"), summary = element("summary", "", me.name || me.role_name);
    details.appendChild(summary);
    details.appendChild(panel(me, words));
    place.textContent = "";
    place.appendChild(details);
    document.documentElement.setAttribute("data-role", me.role);
  }

  function water(me) {
    var old = document.getElementById("water");
    if (old) old.parentNode.removeChild(old);
    if (!me.watermark) return;
    var text = me.person + "  " + me.now.slice(0, 16).replace("T", " ");
    var sheet = element("div", "water");
    sheet.id = "water";
    sheet.setAttribute("aria-hidden", "true");
    for (var i = 0; i < WATER_LINES; i++) sheet.appendChild(element("span", "", text));
    document.body.appendChild(sheet);
  }

  function ask() {
    asked = Date.now();
    fetch("/api/v1/me", { credentials: "same-origin", cache: "no-store", headers: { Accept: "application/json" } })
      .then(function (answer) { return answer.ok ? answer.json() : null; })
      .then(function (me) {
        if (!me) return;
        water(me);
        /* The shell is drawn by Dash a little later than this runs. */
        var tries = 0, timer = window.setInterval(function () {
          if (document.getElementById("who") || ++tries > 100) { window.clearInterval(timer); show(me); }
        }, 100);
      })
      .catch(function () { /* the poll says when the server is gone */ });
  }

  document.addEventListener("click", function (event) {
    var open = document.querySelector("#who details[open]");
    if (open && !open.contains(event.target)) open.open = false;
  });
  document.addEventListener("visibilitychange", function () {
    if (!document.hidden && Date.now() - asked > 60000) ask();
  });
  window.setInterval(function () { if (!document.hidden && document.getElementById("water")) ask(); }, 60000);
  ask();
})();
