// The course page's own script: light or dark as the reader has it, and the service worker of the site, which also serves
// this page without a network. In a frame without an origin there is none.
(function () {
  "use strict";
  var asked = /[?&]theme=(light|dark)(&|$)/i.exec(location.search);
  var dark = window.matchMedia && matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = asked ? asked[1].toLowerCase() : dark ? "dark" : "light";
  if (asked) {
    document.addEventListener("DOMContentLoaded", function () {
      document.querySelectorAll("blumfeld-player").forEach(function (player) { player.setAttribute("theme", asked[1]); });
    });
  }
  if (window.parent !== window) return;
  window.addEventListener("load", function () {
    try { navigator.serviceWorker.register("../sw.js").catch(function () {}); } catch (_) { /* not for this origin */ }
  });
})();
