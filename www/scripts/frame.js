// What a page in a frame tells its host besides the program's messages: the height at which nothing of it has to be
// scrolled, as a message of ours and, where the address ends in `#?secret=…`, as WordPress reads it.
//
// It grows only, and starts anew with another width: a taller frame may draw more, which wants more again.
(function () {
  "use strict";
  if (window.parent === window) return;
  var LEAST = 200;
  var MOST = 1000;
  var secret = /[?&]secret=([A-Za-z0-9]{1,64})$/.exec(location.hash);
  var said = 0;
  var width = 0;
  var timer = null;
  var watched = null;

  /** What is hidden of the stage, of a lesson's column beside it, and of a page that is scrolled because it stands below. */
  function wanted() {
    var parts = document.querySelectorAll(".app.below, .app .viewport, .app.lesson .side-body");
    if (parts.length === 0) return 0;
    var hidden = 0;
    parts.forEach(function (part) { hidden = Math.max(hidden, part.scrollHeight - part.clientHeight); });
    watch(document.querySelector(".lesson-panel"));
    return Math.min(MOST, Math.max(LEAST, Math.ceil(window.innerHeight + hidden)));
  }

  /** A lesson's next step may be longer than the one before. */
  function watch(panel) {
    if (!panel || panel === watched || !window.ResizeObserver) return;
    watched = panel;
    new ResizeObserver(soon).observe(panel);
  }

  function tell() {
    timer = null;
    if (window.innerWidth !== width) {
      width = window.innerWidth;
      said = 0;
    }
    var px = wanted();
    if (!px || px <= said) return;
    said = px;
    window.parent.postMessage({ blumfeld: 1, type: "height", id: null, px: px }, "*");
    if (secret) window.parent.postMessage({ message: "height", value: px, secret: secret[1] }, "*");
  }

  function soon() {
    if (timer === null) timer = setTimeout(tell, 100);
  }

  window.addEventListener("blumfeld", function (event) {
    if (event.detail && (event.detail.type === "ready" || event.detail.type === "loaded")) soon();
  });
  window.addEventListener("resize", soon);
})();
