/* What if: a form with data-try="station@month" hands its moved sliders to the page's store "…-tried", and to the
   address, so that what is tried can be sent to somebody else. data-now: the number as it is; data-of: of how many. */
(function () {
  "use strict";
  var MOVED_MS = 180, timer = null;

  /* A slider moves in whole steps; where the number itself is not whole, its own place is kept. */
  function isMoved(field) { return Math.abs(Number(field.value) - Number(field.getAttribute("data-now"))) > 1e-9; }

  /* A slider and the number beside it say the same; the one in hand leads, and a number beyond the ends is the end. */
  function show(field) {
    var line = field.closest(".as-slide"), fields = line ? line.querySelectorAll("input") : [];
    if (fields.length !== 2 || (field.type === "number" && field.value === "")) return;
    var other = fields[0] === field ? fields[1] : fields[0];
    other.value = field.value;
    line.classList.toggle("is-moved", isMoved(fields[0]));
    Array.prototype.forEach.call(fields, function (one) {
      if (isMoved(fields[0])) one.setAttribute("data-draft", ""); else one.removeAttribute("data-draft");
    });
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

  /* A number that was left empty or beyond the ends stands where its slider does. */
  document.addEventListener("change", function (event) {
    var field = event.target, form = field.form;
    if (!form || !form.hasAttribute("data-try") || field.type !== "number") return;
    var slider = field.closest(".as-slide").querySelector("input[type=range]");
    field.value = slider.value;
    show(slider);
  });

  /* Enter in a number tries it and sends nothing. */
  document.addEventListener("submit", function (event) {
    if (event.target.hasAttribute("data-try")) event.preventDefault();
  });

  document.addEventListener("click", function (event) {
    var button = event.target.closest ? event.target.closest("[data-try-reset]") : null;
    if (!button || !button.form) return;
    sliders(button.form).forEach(function (field) { field.value = field.getAttribute("data-now"); show(field); });
    window.clearTimeout(timer);
    hand(button.form);
  });
})();
