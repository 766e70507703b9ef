/* The shell's switches: language and theme, remembered per browser; the menu. */
(function () {
  "use strict";
  var YEAR = 31536000;

  function remember(name, value) {
    document.cookie = name + "=" + value + ";path=/;max-age=" + YEAR + ";SameSite=Lax" +
      (window.location.protocol === "https:" ? ";Secure" : "");
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest ? event.target.closest("[data-lang-to],[data-theme-switch]") : null;
    if (!button) return;
    if (button.hasAttribute("data-lang-to")) {
      remember("lang", button.getAttribute("data-lang-to"));
      window.location.reload();
      return;
    }
    var root = document.documentElement;
    var next = root.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
    root.setAttribute("data-bs-theme", next);
    remember("theme", next);
  });

  /* The menu: the button opens it, a link in it closes it. */
  document.addEventListener("click", function (event) {
    var target = event.target.closest ? event.target : null;
    var opener = target && target.closest("[data-menu-of]"), link = target && target.closest(".offcanvas a");
    if (!opener && !link) return;
    var menu = opener ? opener.getAttribute("data-menu-of") : document.querySelector("[data-menu-of]").getAttribute("data-menu-of");
    window.dash_clientside.set_props(menu, { is_open: !!opener });
  });

  /* A notice stays until it is closed or the page changes. */
  document.addEventListener("click", function (event) {
    var target = event.target.closest ? event.target : null;
    if (target && (target.closest("[data-close-notice]") || target.closest("#notice a"))) {
      window.dash_clientside.set_props("notice", { tree: null });
    }
  });
})();
