/* dcb.IncidentMap: the map. This file only stands by; Leaflet and the drawing (assets/lazy/map) are
   fetched when the first map is shown, so that pages without a map do not pay for it. */
(function () {
  "use strict";
  var dcb = (window.dcb = window.dcb || {});
  var fetched = {}; /* address -> promise */

  function once(href) {
    if (!fetched[href]) fetched[href] = load(href).catch(function (error) { delete fetched[href]; throw error; });
    return fetched[href];
  }
  function load(href) {
    return new Promise(function (done, failed) {
      var sheet = /\.css(\?|$)/.test(href), node = document.createElement(sheet ? "link" : "script");
      node.onload = done;
      node.onerror = function () { node.remove(); failed(new Error(href)); };
      if (sheet) { node.rel = "stylesheet"; node.href = href; } else { node.async = false; node.src = href; }
      document.head.appendChild(node);
    });
  }

  function IncidentMap(props) {
    var React = window.React;
    var root = React.useRef(null), latest = React.useRef(props), screen = React.useRef(null);
    latest.current = props;
    React.useEffect(function () {
      var gone = false, files = (props.words || {}).files || [];
      Promise.all(files.map(once)).then(function () {
        if (gone) return;
        screen.current = root.current.dcbMap = new dcb.MapScreen(root.current, latest.current.words || {});
        screen.current.mark(latest.current.marks);
        screen.current.show(latest.current.payload);
      }).catch(function (error) {
        if (!gone) root.current.textContent = (props.words || {}).failed || "";
        console.warn("map: " + error.message);
      });
      return function () {
        gone = true;
        if (screen.current) screen.current.remove();
        screen.current = null;
      };
    }, []);
    React.useEffect(function () { if (screen.current) screen.current.show(props.payload); }, [props.payload]);
    React.useEffect(function () { if (screen.current) screen.current.mark(props.marks); }, [props.marks]);
    React.useEffect(function () {
      if (props.echo && dcb.answered) dcb.answered(props.echo);
    }, [props.echo]);
    return React.createElement("div", { id: props.id, ref: root, className: "imap" });
  }

  dcb.IncidentMap = IncidentMap;
})();
