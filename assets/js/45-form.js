/* Forms that ask: a form with data-go="/map" becomes an address and is followed without a reload.

   data-auto         the form follows by itself when a field changes (text: when typing rests)
   data-keep="view"  parameters of the present address that go along, separated by blanks
   on a field:
   data-default="x"  the value that an address need not say
   data-when="a=b"   the field is asked only while the field a has the value b ("a=" for none)
   data-sets="a=b"   changing the field gives the field a the value b

   dcb.formQuery(form) is the query a form stands for: ticked boxes of one name are joined by commas,
   what is empty or as by default is left out. */
(function () {
  "use strict";
  var dcb = (window.dcb = window.dcb || {});
  var TYPING = /^(text|search|number|textarea)$/, TYPED_MS = 250, DATE_MS = 600;
  var timers = new WeakMap();

  function pair(text) {
    var at = text.indexOf("=");
    return at < 0 ? null : [text.slice(0, at), text.slice(at + 1)];
  }

  function isSaid(field) {
    if (!field.name || field.disabled || /^(button|submit|reset|fieldset|output)$/.test(field.type)) return false;
    return !/^(checkbox|radio)$/.test(field.type) || field.checked;
  }

  /* The value of all fields of one name, as an address carries it. */
  function valueOf(form, name) {
    var values = [];
    Array.prototype.forEach.call(form.elements, function (field) {
      if (field.name === name && isSaid(field) && field.value.trim() !== "") values.push(field.value.trim());
    });
    return values.join(",");
  }

  function isAsked(form, field) {
    var wanted = field.getAttribute("data-when") && pair(field.getAttribute("data-when"));
    return !wanted || valueOf(form, wanted[0]) === wanted[1];
  }

  function formQuery(form) {
    var said = new URLSearchParams(), plain = {}, seen = {};
    Array.prototype.forEach.call(form.elements, function (field) {
      if (field.hasAttribute("data-default")) plain[field.name] = field.getAttribute("data-default");
    });
    Array.prototype.forEach.call(form.elements, function (field) {
      if (seen[field.name] || !isSaid(field) || !isAsked(form, field)) return;
      seen[field.name] = true;
      var value = valueOf(form, field.name);
      if (value !== "" && value !== plain[field.name]) said.set(field.name, value);
    });
    var here = new URLSearchParams(window.location.search);
    (form.getAttribute("data-keep") || "").split(" ").forEach(function (name) {
      if (name && here.get(name) && !said.has(name)) said.set(name, here.get(name));
    });
    return said.toString();
  }

  function follow(form) {
    window.clearTimeout(timers.get(form));
    var path = dcb.safeHref(form.getAttribute("data-go"));
    if (!path) return;
    var query = formQuery(form);
    dcb.go(path + (query ? "?" + query : ""));
  }

  function set(form, text) {
    var wanted = pair(text);
    if (!wanted) return;
    Array.prototype.forEach.call(form.elements, function (field) {
      if (field.name !== wanted[0]) return;
      if (/^(checkbox|radio)$/.test(field.type)) field.checked = field.value === wanted[1];
      else field.value = wanted[1];
    });
  }

  function formOf(event) {
    var form = event.target.form || null;
    return form && form.hasAttribute("data-go") ? form : null;
  }

  /* Half a date or half a number is not asked: the browser says whether the form is complete. */
  function later(form, ms) {
    window.clearTimeout(timers.get(form));
    timers.set(form, window.setTimeout(function () {
      if (document.contains(form) && form.checkValidity()) follow(form);
    }, ms));
  }

  document.addEventListener("submit", function (event) {
    if (!event.target.hasAttribute || !event.target.hasAttribute("data-go")) return;
    event.preventDefault();
    follow(event.target);
  });
  document.addEventListener("change", function (event) {
    var form = formOf(event);
    if (!form) return;
    if (event.target.hasAttribute("data-sets")) set(form, event.target.getAttribute("data-sets"));
    if (!form.hasAttribute("data-auto")) return;
    later(form, TYPING.test(event.target.type) || /^date/.test(event.target.type) ? DATE_MS : 0);
  });
  document.addEventListener("input", function (event) {
    var form = formOf(event);
    if (form && form.hasAttribute("data-auto") && TYPING.test(event.target.type)) later(form, TYPED_MS);
  });

  dcb.formQuery = formQuery;
})();
