// A host page: it sends requests to the frame and lists what comes back.
(function () {
  "use strict";
  var frame = document.getElementById("frame");
  var log = document.getElementById("log");
  var count = 0;
  frame.src = "../?embed=1&lang=en&api=" + encodeURIComponent(location.origin);

  function say(text) {
    log.textContent = (text + "\n" + log.textContent).slice(0, 8000);
  }

  function ask(request) {
    var message = Object.assign({ blumfeld: 1, id: ++count }, request);
    // The frame's origin is opaque, so it cannot be named here.
    frame.contentWindow.postMessage(message, "*");
    say("→ " + JSON.stringify(message));
  }

  ["play", "pause", "step", "back", "getState"].forEach(function (type) {
    document.getElementById(type).addEventListener("click", function () { ask({ type: type }); });
  });
  document.getElementById("seek").addEventListener("click", function () {
    ask({ type: "seek", at: document.getElementById("at").value });
  });
  document.getElementById("load").addEventListener("click", function () {
    ask({ type: "load", link: document.getElementById("link").value });
  });
  window.addEventListener("message", function (event) {
    if (event.source === frame.contentWindow && event.data && event.data.blumfeld === 1) {
      say("← " + JSON.stringify(event.data));
    }
  });
})();
