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

  function wanted() {
    var part = document.querySelector(".app .viewport");
    if (!part) return 0;
    var hidden = Math.max(0, part.scrollHeight - part.clientHeight);
    return Math.min(MOST, Math.max(LEAST, Math.ceil(window.innerHeight + hidden)));
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
