/* Forms that do: a form with data-post="/api/v1/hotspots/…" is sent as JSON to this host.

   Its button rests while the answer is under way; what goes wrong is said in the form's [role=alert].
   Afterwards the page that the answer names is shown, or this one is asked again.

   The field "seen" says which state of the record was changed. It is kept from the first keystroke on:
   when somebody else's change is drawn meanwhile, the form still says what its author saw, and what was
   typed (data-draft) stays. */
(function () {
  "use strict";
  var dcb = (window.dcb = window.dcb || {});
  var WAIT_MS = 30000;
  var started = new WeakMap(), actor = "";

  function postForm(element) {
    var form = element && (element.form || (element.closest && element.closest("form")));
    return form && form.hasAttribute("data-post") ? form : null;
  }

  function bodyOf(form) {
    var body = {};
    Array.prototype.forEach.call(form.elements, function (field) {
      if (!field.name || field.disabled || /^(button|submit|reset|fieldset|output)$/.test(field.type)) return;
      if (/^(checkbox|radio)$/.test(field.type) && !field.checked) return;
      body[field.name] = field.value;
    });
    if (started.has(form)) body.seen = started.get(form);
    return body;
  }

  function say(form, text) {
    var place = form.querySelector("[role=alert]");
    if (place) place.textContent = text;
  }

  function rest(form, waiting) {
    Array.prototype.forEach.call(form.querySelectorAll("button"), function (button) { button.disabled = waiting; });
    if (waiting) form.setAttribute("aria-busy", "true"); else form.removeAttribute("aria-busy");
  }

  function askAgain() {
    var page = document.querySelector("[data-page]");
    if (!page || !window.dash_clientside || !window.dash_clientside.set_props) return;
    var query = { _: String(Date.now()) };
    new URLSearchParams(window.location.search).forEach(function (value, key) { query[key] = value; });
    window.dash_clientside.set_props(page.getAttribute("data-page") + "-query", { data: query });
  }

  /* What the server tells once and keeps nowhere (a password, an address), over the page until it is closed. */
  function tellOnce(tree) {
    if (window.dash_clientside && window.dash_clientside.set_props) window.dash_clientside.set_props("notice", { tree: tree });
  }

  function done(form, told) {
    actor = form.elements.actor ? form.elements.actor.value : actor;
    started.delete(form);
    Array.prototype.forEach.call(form.elements, function (field) { field.removeAttribute("data-draft"); });
    form.reset();
    var box = form.closest("details");
    if (box) box.open = false;
    if (told.once) tellOnce(told.once);
    if (typeof told.waiting === "number" && dcb.alertsWaiting) dcb.alertsWaiting(told.waiting);
    var next = told.next ? dcb.safeHref(told.next) : null;
    if (next) dcb.go(next); else askAgain();
  }

  function send(form) {
    var path = form.getAttribute("data-post");
    if (!/^\/api\/v1\//.test(path) || form.getAttribute("aria-busy")) return;
    var stop = new AbortController();
    var clock = window.setTimeout(function () { stop.abort(); }, WAIT_MS);
    say(form, "");
    rest(form, true);
    fetch(path, { method: "POST", credentials: "same-origin", cache: "no-store", signal: stop.signal,
      headers: { "Content-Type": "application/json", Accept: "application/json" }, body: JSON.stringify(bodyOf(form)) })
      .then(function (response) {
        return response.json().then(function (told) {
          if (response.ok) { done(form, told); return; }
          say(form, told.error && told.error.message ? told.error.message : form.getAttribute("data-failed"));
          if (response.status === 409) { started.delete(form); askAgain(); }
        });
      })
      .catch(function () { say(form, form.getAttribute("data-failed")); })
      .then(function () { window.clearTimeout(clock); rest(form, false); });
  }

  document.addEventListener("submit", function (event) {
    var form = postForm(event.target);
    if (!form) return;
    event.preventDefault();
    send(form);
  });
  document.addEventListener("input", function (event) {
    var form = postForm(event.target);
    if (!form) return;
    event.target.setAttribute("data-draft", "");
    if (form.elements.seen && !started.has(form)) started.set(form, form.elements.seen.value);
  });
  /* Whoever filled in one form fills in the next as well. */
  document.addEventListener("focusin", function (event) {
    var form = postForm(event.target);
    if (!form || !actor || !form.elements.actor || form.elements.actor.value) return;
    form.elements.actor.value = actor;
    if (event.target === form.elements.actor) event.target.select(); /* another name replaces it */
  });
})();
