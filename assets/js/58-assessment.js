/* What if: a form with data-try="station@month" hands its moved sliders to the page's store "…-tried", and to the
   address, so that what is tried can be sent to somebody else. data-now: the number as it is; data-of: of how many. */
(function () {
  "use strict";
  var MOVED_MS = 180, timer = null;

  function plain(value) { return Number(value).toLocaleString("en-US", { maximumFractionDigits: 1 }); }

  /* A slider moves in whole steps; where the number itself is not whole, its own place is kept. */
  function isMoved(field) { return Math.abs(Number(field.value) - Number(field.getAttribute("data-now"))) > 1e-9; }

  function show(field) {
    var label = field.closest("label"), output = label && label.querySelector("output");
    if (!output) return;
    output.firstChild.textContent = plain(field.value);
    label.classList.toggle("is-moved", isMoved(field));
    if (isMoved(field)) field.setAttribute("data-draft", ""); else field.removeAttribute("data-draft");
  }

  function sliders(form) { return Array.prototype.slice.call(form.querySelectorAll("input[type=range]")); }

  function hand(form) {
    var page = document.querySelector("[data-page]"), here = new URLSearchParams(window.location.search), tries = {};
    if (!page || !document.contains(form)) return;
    Array.from(here.keys()).forEach(function (name) { if (/^try\./.test(name)) here.delete(name); });
    sliders(form).forEach(function (field) {
      if (!isMoved(field)) return;
      tries[field.name] = field.value;
      here.set(field.name, field.value);
    });
    var query = here.toString();
    window.history.replaceState(window.history.state, "", window.location.pathname + (query ? "?" + query : "") + window.location.hash);
    window.dash_clientside.set_props(page.getAttribute("data-page") + "-tried",
      { data: { of: form.getAttribute("data-try"), tries: tries } });
  }

  document.addEventListener("input", function (event) {
    var form = event.target.form;
    if (!form || !form.hasAttribute("data-try")) return;
    show(event.target);
    window.clearTimeout(timer);
    timer = window.setTimeout(function () { hand(form); }, MOVED_MS);
  });

  document.addEventListener("click", function (event) {
    var button = event.target.closest ? event.target.closest("[data-try-reset]") : null;
    if (!button || !button.form) return;
    sliders(button.form).forEach(function (field) { field.value = field.getAttribute("data-now"); show(field); });
    window.clearTimeout(timer);
    hand(button.form);
  });
})();
