// Calls the methods of the framed page with good and bad arguments and lists what they answer.
(function () {
  "use strict";
  var frame = document.getElementById("frame");
  var log = document.getElementById("log");
  var select = document.getElementById("call");
  var calls = {
    "getState()": function (page) { return page.getState(); },
    "play()": function (page) { return page.play(); },
    "pause()": function (page) { return page.pause(); },
    "step()": function (page) { return page.step(); },
    "back()": function (page) { return page.back(); },
    "seek(\"26s\")": function (page) { return page.seek("26s"); },
    "seek(25000000000)": function (page) { return page.seek(25000000000); },
    "seek()": function (page) { return page.seek(); },
    "seek(NaN)": function (page) { return page.seek(NaN); },
    "seek(-1)": function (page) { return page.seek(-1); },
    "seek(1e300)": function (page) { return page.seek(1e300); },
    "seek({})": function (page) { return page.seek({}); },
    "seek(\"mark:nobody\")": function (page) { return page.seek("mark:nobody"); },
    "seek(Symbol())": function (page) { return page.seek(Symbol("x")); },
    "load()": function (page) { return page.load(); },
    "load(42)": function (page) { return page.load(42); },
    "load(\"#hello\")": function (page) { return page.load("#hello"); },
    "load(20 MB)": function (page) { return page.load("#b1." + "A".repeat(20000000)); }
  };
  Object.keys(calls).forEach(function (name) { select.append(new Option(name, name)); });

  function say(text) {
    log.textContent = (text + "\n" + log.textContent).slice(0, 8000);
  }

  document.getElementById("do").addEventListener("click", function () {
    var name = select.value;
    try {
      var answer = calls[name](frame.contentWindow.blumfeld);
      say(name + " → " + (answer === undefined ? "done" : JSON.stringify(answer)));
    } catch (error) {
      say(name + " ✗ " + error.name + ": " + error.message);
    }
  });
})();
