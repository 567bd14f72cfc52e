// What is there before the program: the theme, and of the opening scene the picture that its own run gives at the instant
// with which it opens (`blumfeld poster`; a test draws it again). The program takes its place. Whoever comes by a link or
// asks for a lesson gets another experiment, and none of this one's picture.
(function () {
  "use strict";
  var asked = /[?&]theme=(\w+)/i.exec(location.search);
  var theme = asked ? asked[1].toLowerCase() : null;
  try { theme = theme || localStorage.getItem("blumfeld.theme"); } catch (_) { /* nothing may be kept here */ }
  if (["light", "dark", "projector", "contrast"].indexOf(theme) < 0) theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  document.documentElement.setAttribute("data-theme", theme);
  // One file that is opened from a disk has no other beside it.
  if (window.blumfeldFiles || location.hash.length > 1 || /[?&]s=/i.test(location.search)) return;
  var picture = new Image(224, 126);
  picture.alt = "";
  // For the bench: when it was painted.
  picture.setAttribute("elementtiming", "first");
  picture.src = "opening.svg";
  document.querySelector(".loading").prepend(picture);
})();
