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
  // What came of a player's questions stands below it, in the page's own words.
  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll(".came").forEach(function (line) {
      var player = line.previousElementSibling;
      player.addEventListener("check", function (event) {
        line.textContent = line.dataset[event.detail.step + (event.detail.right ? "Right" : "Wrong")];
      });
      player.addEventListener("complete", function () { line.textContent = line.dataset.complete; });
    });
  });
  if (window.parent !== window) return;
  window.addEventListener("load", function () {
    try { navigator.serviceWorker.register("../sw.js").catch(function () {}); } catch (_) { /* not for this origin */ }
  });
})();
