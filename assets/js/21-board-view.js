/* dcb.BoardMatrix, second half: the controls around the matrix, in React. */
(function () {
  "use strict";
  var dcb = (window.dcb = window.dcb || {});
  var P = dcb.boardParts;
  var SHOWN = ["blue", "yellow", "red", "grey"];
  var LETTER = { blue: "b", yellow: "y", red: "r", grey: "g" };

  function e() { return window.React.createElement.apply(null, arguments); }

  function suffixOf(payload) { return payload.past ? "?as_of=" + encodeURIComponent(payload.past) : ""; }

  function Count(props) {
    var words = props.words, on = props.state.colour === props.colour;
    return e("button", { type: "button", className: "count k-" + props.colour + (on ? " is-on" : ""), "aria-pressed": on,
      title: P.fill(words.filter_colour, { colour: words.colour[LETTER[props.colour]] }),
      onClick: function () { props.change({ colour: on ? "" : props.colour }); } },
      e("i", { className: "mk " + props.colour }), e("span", { className: "cw" }, words.colour[LETTER[props.colour]]),
      e("span", { className: "cn" }, props.n));
  }

  function Pick(props) {
    return e("label", { className: "pick" }, e("span", null, props.label),
      e("select", { value: props.value, onChange: function (event) { props.change(event.target.value); } },
        props.all ? e("option", { value: "" }, props.all) : null,
        props.options.map(function (pair) { return e("option", { key: pair[0], value: pair[0] }, pair[1]); })));
  }

  function Segments(props) {
    return e("div", { className: "seg", role: "group", "aria-label": props.label },
      props.options.map(function (pair) {
        var on = props.value === pair[0];
        return e("button", { key: pair[0], type: "button", "aria-pressed": on, className: on ? "is-on" : "",
          onClick: function () { props.change(pair[0]); } }, pair[1]);
      }));
  }

  function Past(props) {
    var words = props.words, held = window.React.useState(props.payload.past || "");
    function choose(event) {
      event.preventDefault();
      var query = new URLSearchParams(window.location.search);
      if (held[0]) query.set("as_of", held[0]); else query.delete("as_of");
      dcb.go("/" + (query.toString() ? "?" + query.toString() : ""));
    }
    return e("form", { className: "pick past", noValidate: true, onSubmit: choose },
      e("label", null, e("span", null, words.past),
        e("input", { type: "datetime-local", value: held[0], onChange: function (event) { held[1](event.target.value); } })),
      held[0] !== (props.payload.past || "") ? e("button", { type: "submit", className: "plain" }, words.past_show) : null);
  }

  function Bar(props) {
    var payload = props.payload, words = payload.words, state = props.state, change = props.change;
    var sorts = [["", words.sort_default], ["colour", words.sort_colour], ["score", words.sort_score], ["red", words.sort_red], ["name", words.sort_name]]
      .concat(payload.themes.map(function (theme) { return [theme.c, theme.l]; }));
    return e("div", { className: "board-bar", role: "search", "aria-label": words.filters },
      e(Segments, { label: words.group, value: state.group || "mode",
        options: [["mode", words.by_mode], ["district", words.by_district], ["none", words.by_none]],
        change: function (v) { change({ group: v === "mode" ? "" : v }); } }),
      payload.districts.length > 1 ? e(Pick, { label: words.district, all: words.all, value: state.district, options: payload.districts,
        change: function (v) { change({ district: v }); } }) : null,
      e(Pick, { label: words.mode, all: words.all, value: state.mode, options: payload.modes, change: function (v) { change({ mode: v }); } }),
      e("div", { className: "only-narrow" }, e(Pick, { label: words.sort, value: state.sort, options: sorts, change: function (v) { change({ sort: v }); } })),
      e("label", { className: "pick find" }, e("span", null, words.find),
        e("input", { type: "search", value: state.q, placeholder: words.find_hint, onChange: function (event) { change({ q: event.target.value }); } })),
      e(Past, { key: payload.past || "now", payload: payload, words: words }),
      e("span", { className: "shown", "aria-live": "polite" }, P.fill(words.shown, { n: props.shown, all: payload.rows.length })),
      props.filtered ? e("button", { type: "button", className: "plain", onClick: function () { change({ colour: "", mode: "", district: "", q: "", sort: "" }); } }, words.reset) : null,
      e("span", { className: "outs" },
        e("a", { href: "/download/board.xlsx" + suffixOf(payload), download: "" }, words.xlsx),
        e("a", { href: "/download/board.csv" + suffixOf(payload), download: "" }, words.csv)));
  }

  function SortHead(props) {
    var sort = props.state.sort, on = sort === props.by || sort === "-" + props.by, down = sort === "-" + props.by;
    var next = on ? (down ? "" : "-" + props.by) : props.by;
    return e("button", { type: "button", className: "sort" + (on ? " is-on" : ""), title: props.title,
      onClick: function () { props.change({ sort: next }); } },
      props.label, e("span", { className: "arrow", "aria-hidden": "true" }, on ? (down ? "▼" : "▲") : ""));
  }
  function ariaSort(state, by) { return state.sort === by ? "ascending" : state.sort === "-" + by ? "descending" : "none"; }

  function Head(props) {
    var payload = props.payload, words = payload.words, state = props.state, change = props.change, suffix = suffixOf(payload);
    function cell(by, label, className, title) {
      return e("th", { scope: "col", role: "columnheader", key: by, className: className, "aria-sort": ariaSort(state, by) },
        e(SortHead, { by: by, label: label, state: state, change: change, title: title || words.sort }));
    }
    return e("thead", { role: "rowgroup" }, e("tr", { role: "row" },
      cell("name", words.col_name, "c-name"),
      cell("colour", words.col_all, "c-all", words.col_all_title),
      cell("red", words.col_red, "c-red", words.col_red_title),
      e("th", { scope: "col", role: "columnheader", className: "c-strip" }, words.col_strip),
      payload.themes.map(function (theme) {
        return e("th", { scope: "col", role: "columnheader", key: theme.c, className: "t", "aria-sort": ariaSort(state, theme.c) },
          e("a", { href: "/theme/" + theme.c + suffix, title: P.fill(words.open_theme, { theme: theme.l }) }, theme.s),
          e(SortHead, { by: theme.c, label: e("span", { className: "visually-hidden" }, words.sort + " " + theme.s), state: state, change: change }));
      })));
  }

  function Notes(props) {
    var payload = props.payload, words = payload.words, suffix = suffixOf(payload), out = [];
    if (payload.past) out.push(e("p", { key: "past", className: "banner past" }, e("b", null, words.past_on), e("span", null, payload.at_text),
      e("a", { href: "/" }, words.past_back)));
    if (payload.ended && !payload.past) out.push(e("p", { key: "ended", className: "banner ended" }, e("span", null, payload.ended.text),
      e("a", { href: "/?as_of=" + encodeURIComponent(payload.ended.as_of) }, payload.ended.link)));
    if (payload.late.length && !payload.ended) out.push(e("p", { key: "late", className: "banner late" }, e("i", { className: "mk grey" }),
      e("span", null, payload.late_text), e("a", { href: "/feeds" + suffix }, words.feeds_open)));
    return out;
  }

  function Empty(props) {
    var words = props.words;
    return e("section", { className: "empty" }, e("h2", null, words.empty_title), e("p", null, words.empty_text),
      e("dl", null, e("dt", null, words.empty_demo), e("dd", null, e("code", null, "python manage.py demo")),
        e("dt", null, words.empty_import), e("dd", null, e("code", null, "python manage.py import --profile 110 FILE…"))));
  }

  function Skeleton(props) {
    var rows = [];
    for (var i = 0; i < 12; i++) rows.push(e("div", { key: i, className: "sk-row" }));
    return e("div", { className: "board skeleton", "aria-busy": "true" }, e("p", { className: "visually-hidden" }, (props.words || {}).loading), rows);
  }

  function BoardMatrix(props) {
    var React = window.React, payload = props.payload;
    var tbody = React.useRef(null), body = React.useRef(null), scroller = React.useRef(null);
    var held = React.useState(P.readState), state = held[0], setState = held[1];
    var rows = React.useMemo(function () { return payload ? P.unpack(payload) : []; }, [payload]);
    var locale = payload ? payload.locale : "zh-CN";
    var visible = React.useMemo(function () {
      if (!payload) return [];
      return P.keep(rows, state).sort(P.comparer(state.sort, payload.themes, locale));
    }, [rows, state]);
    var before = React.useRef(null);

    function change(part) {
      setState(function (old) {
        var next = Object.assign({}, old, part);
        P.writeState(next);
        return next;
      });
    }
    React.useLayoutEffect(function () {
      if (!payload || !tbody.current) return;
      if (!body.current || body.current.tbody !== tbody.current) body.current = new P.Body(tbody.current);
      var flash = before.current && before.current !== payload;
      before.current = payload;
      var by = state.group || "mode";
      visible.forEach(function (row) { row.tag = by === "mode" ? "" : payload.mode_short[row.mode] || ""; });
      body.current.show(P.groups(visible, by, payload), payload, suffixOf(payload), flash);
    }, [visible, state.group, payload]);
    React.useEffect(function () { if (props.echo && dcb.answered) dcb.answered(props.echo); }, [props.echo]);
    React.useEffect(function () {
      function back() { setState(P.readState()); }
      window.addEventListener("popstate", back);
      return function () { window.removeEventListener("popstate", back); };
    }, []);

    if (!payload) return e("div", { id: props.id }, e(Skeleton, { words: props.words }));
    var words = payload.words, counts = { blue: 0, yellow: 0, red: 0, grey: 0 };
    rows.forEach(function (row) { counts[P.colourOf(row.letter)]++; });
    if (!rows.length) return e("div", { id: props.id, className: "board" }, e(Empty, { words: words }));

    function over(event) {
      var cell = event.target.closest ? event.target.closest("td.t") : null;
      if (!cell || cell.title) return;
      var row = body.current.by[cell.parentNode.getAttribute("data-code")];
      if (row) cell.title = P.tip(row, Number(cell.getAttribute("data-i")), payload);
    }
    return e("div", { id: props.id, className: "board" },
      e("header", { className: "board-head" },
        e("div", { className: "head-title" }, e("h1", null, words.title), e("p", null, payload.at_text)),
        e("div", { className: "counts", role: "group", "aria-label": words.counts },
          SHOWN.map(function (colour) { return e(Count, { key: colour, colour: colour, n: counts[colour], words: words, state: state, change: change }); })),
        e("ul", { className: "legend", "aria-label": words.legend }, ["b", "y", "r", "g"].map(function (c) {
          return e("li", { key: c }, e("i", { className: "mk " + P.colourOf(c) }), words.legend_text[c]);
        }))),
      e(Notes, { payload: payload }),
      e(Bar, { payload: payload, state: state, change: change, shown: visible.length,
        filtered: !!(state.colour || state.mode || state.district || state.q || state.sort) }),
      e("div", { className: "board-scroll", ref: scroller, tabIndex: -1 },
        e("table", { className: "matrix live", role: "grid", style: { "--n": payload.themes.length }, "aria-label": words.title, "aria-rowcount": rows.length, onKeyDown: P.move, onMouseOver: over, onFocus: over },
          e(Head, { payload: payload, state: state, change: change }),
          e("tbody", { ref: tbody, role: "rowgroup" }))),
      visible.length ? null : e("p", { className: "no-match" }, words.none),
      e("footer", { className: "board-foot" }, payload.foot));
  }

  dcb.BoardMatrix = BoardMatrix;
})();
