/* dcb.Tree: draws plain-list trees (components/hiccup.py) as React elements.
   Only known tags and attributes pass; text is always text; links inside the program change the page
   without a reload. A form's fields belong to whoever fills them in: a new answer writes into a field only
   where the answer itself says something else than before, so focus and half-filled forms stay. */
(function () {
  "use strict";
  var dcb = (window.dcb = window.dcb || {});
  var TAGS = {};
  ("a abbr article aside b br caption code col colgroup dd desc details div dl dt em figcaption figure footer " +
    "h1 h2 h3 h4 h5 header hr i kbd li main mark nav ol p section small span strong sub summary sup " +
    "table tbody td tfoot th thead time title tr ul svg g path rect circle line polyline polygon text " +
    "form fieldset legend label input select option optgroup textarea button output progress datalist")
    .split(" ").forEach(function (tag) { TAGS[tag] = true; });
  var ATTRIBUTES = { "class": "className", colspan: "colSpan", rowspan: "rowSpan", datetime: "dateTime",
    tabindex: "tabIndex", viewbox: "viewBox", preserveaspectratio: "preserveAspectRatio",
    "text-anchor": "textAnchor", hreflang: "hrefLang", "for": "htmlFor", maxlength: "maxLength",
    autocomplete: "autoComplete" };
  ("id title href role scope lang dir open headers download d x y x1 x2 y1 y2 cx cy r rx ry width height points " +
    "transform focusable key start rel target name value placeholder min max step required disabled label list rows")
    .split(" ").forEach(function (name) { ATTRIBUTES[name] = name; });
  var FIELDS = { input: true, select: true, textarea: true };
  var INPUTS = /^(checkbox|radio|text|date|search|number|hidden|range)$/, BUTTONS = /^(submit|reset|button)$/;
  var parsed = Object.create(null);

  function parse(tag) {
    var found = parsed[tag];
    if (found) return found;
    var parts = String(tag).split(/(?=[.#])/);
    var name = parts[0], classes = [], id = null;
    for (var i = 1; i < parts.length; i++) {
      if (parts[i].charAt(0) === ".") classes.push(parts[i].slice(1));
      else id = parts[i].slice(1);
    }
    found = { name: TAGS[name] ? name : "span", className: classes.join(" "), id: id };
    parsed[tag] = found;
    return found;
  }

  function safeHref(value) {
    var text = String(value);
    return /^(#|\?|\/(?!\/))/.test(text) && text.indexOf("\\") < 0 ? text : null;
  }

  function properties(base, given) {
    var props = {};
    if (base.className) props.className = base.className;
    if (base.id) props.id = base.id;
    for (var raw in given) {
      var name = raw.toLowerCase();
      var value = given[raw];
      if (name === "href") { value = safeHref(value); if (value !== null) props.href = value; continue; }
      if (name === "class") { props.className = (props.className ? props.className + " " : "") + value; continue; }
      if (/^(aria|data)-[a-z0-9-]+$/.test(name)) { props[name] = value === true ? "true" : value; continue; }
      if (ATTRIBUTES[name]) props[ATTRIBUTES[name]] = value;
    }
    return props;
  }

  function draw(node) {
    if (node === null || node === undefined || node === false) return null;
    if (!Array.isArray(node)) return typeof node === "object" ? null : node;
    var base = parse(node[0]);
    var from = 1, given = null;
    var second = node[1];
    if (second && typeof second === "object" && !Array.isArray(second)) { given = second; from = 2; }
    var props = properties(base, given), of = base.name;
    if (FIELDS[of]) { props = field(of, props, given || {}, node.slice(from)); of = Field; }
    else if (of === "button") props.type = given && BUTTONS.test(given.type) ? given.type : "button";
    var args = [of, props];
    if (base.name !== "textarea") for (var i = from; i < node.length; i++) args.push(draw(node[i]));
    return window.React.createElement.apply(null, args);
  }

  /* What the answer says of a field: its kind, and its value or whether it is chosen. */
  function field(tag, props, given, children) {
    props.of = tag;
    if (tag === "input") {
      props.type = INPUTS.test(given.type) ? given.type : "text";
      if (props.type === "checkbox" || props.type === "radio") { props.said = !!given.checked; return props; }
    }
    props.said = tag === "select" && props.value === undefined ? chosen(children) : props.value;
    if (props.said === undefined || props.said === null) props.said = "";
    props.said = String(props.said);
    delete props.value;
    return props;
  }

  function chosen(nodes) {
    var first;
    for (var i = 0; i < nodes.length; i++) {
      if (!Array.isArray(nodes[i])) continue;
      var inner = nodes[i][0] === "optgroup" ? chosen(nodes[i].slice(1)) : undefined;
      var given = nodes[i][1] && !Array.isArray(nodes[i][1]) && typeof nodes[i][1] === "object" ? nodes[i][1] : {};
      if (nodes[i][0] === "option" && given.selected) inner = given.value;
      if (inner !== undefined) return inner;
      if (first === undefined && nodes[i][0] === "option") first = given.value;
    }
    return first;
  }

  function Field(props) {
    var React = window.React;
    var node = React.useRef(null), before = React.useRef(props.said);
    React.useEffect(function () {
      if (before.current === props.said || !node.current) return;
      before.current = props.said;
      if (node.current.hasAttribute("data-draft")) return; /* half-written: 46-post.js */
      if (typeof props.said === "boolean") node.current.checked = props.said;
      else if (node.current.value !== props.said) node.current.value = props.said;
    }, [props.said]);
    var kept = { ref: node };
    for (var name in props) if (name !== "of" && name !== "said" && name !== "children") kept[name] = props[name];
    kept[typeof props.said === "boolean" ? "defaultChecked" : "defaultValue"] = before.current;
    return React.createElement(props.of, kept, props.children);
  }

  function isPlain(event) {
    return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  }

  /* Another page: tell Dash Pages. The same page with another question: tell only the page's store, so
     that what stands on screen stays until the new answer is there. */
  function go(href) {
    var before = window.location.pathname + window.location.search;
    var path = window.location.pathname;
    window.history.pushState({}, "", href);
    if (window.location.pathname + window.location.search === before) {
      if (!toAnchor(document.body)) window.scrollTo(0, 0);
    } else if (window.location.pathname === path && ask()) {
      return;
    } else {
      window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
      if (href.indexOf("#") < 0) window.scrollTo(0, 0);
    }
  }

  /* Until the new answer is there, what stands on screen is marked as answering another question. */
  var BUSY_MS = 30000;
  function markBusy(page) {
    page.querySelectorAll(".dcb-tree").forEach(function (tree) {
      tree.setAttribute("aria-busy", "true");
      window.clearTimeout(tree.dcbBusy);
      tree.dcbBusy = window.setTimeout(function () { tree.removeAttribute("aria-busy"); }, BUSY_MS);
    });
  }

  function ask() {
    var page = document.querySelector("[data-page]");
    if (!page || !window.dash_clientside || !window.dash_clientside.set_props) return false;
    markBusy(page);
    var query = {};
    new URLSearchParams(window.location.search).forEach(function (value, key) { query[key] = value; });
    window.dash_clientside.set_props(page.getAttribute("data-page") + "-query", { data: query });
    return true;
  }

  /* A click on a link of ours: change the page in place. Downloads, files and anchors stay the browser's. */
  function follow(event) {
    if (event.defaultPrevented || !isPlain(event)) return;
    var link = event.target.closest ? event.target.closest("a[href]") : null;
    if (!link || link.hasAttribute("download") || link.getAttribute("target")) return;
    var href = link.getAttribute("href");
    if (href.charAt(0) === "#") return;
    if (!safeHref(href) || /^\/(download|api|assets)\//.test(href)) return;
    event.preventDefault();
    go(link.hasAttribute("data-own") ? carry(href) : href);
  }

  /* Links of the shell are the same on every page: the instant asked for goes along. */
  function carry(href) {
    var past = new URLSearchParams(window.location.search).get("as_of");
    return past ? href + "?as_of=" + encodeURIComponent(past) : href;
  }

  function toAnchor(element) {
    var wanted = window.location.hash ? decodeURIComponent(window.location.hash.slice(1)) : "";
    if (!wanted || !element) return false;
    var found = document.getElementById(wanted);
    if (!found || !element.contains(found)) return false;
    found.scrollIntoView({ block: "start" });
    found.classList.add("is-aimed");
    return true;
  }

  function Tree(props) {
    var React = window.React;
    var root = React.useRef(null);
    var aimed = React.useRef("");
    React.useEffect(function () {
      if (root.current) root.current.removeAttribute("aria-busy");
      if (root.current && dcb.grids) dcb.grids(root.current);
      var here = window.location.pathname + window.location.hash;
      if (aimed.current !== here && toAnchor(root.current)) aimed.current = here;
    }, [props.tree]);
    React.useEffect(function () {
      if (props.echo && dcb.answered) dcb.answered(props.echo);
    }, [props.echo]);
    return React.createElement("div", { id: props.id, ref: root, className: "dcb-tree" }, draw(props.tree));
  }

  document.addEventListener("click", follow);

  dcb.Tree = Tree;
  dcb.draw = draw;
  dcb.go = go;
  dcb.safeHref = safeHref;
})();
