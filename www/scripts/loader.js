// Starts the page's WebAssembly, and fetches what comes after it. A classic script of its own, because a strict content
// security policy forbids inline scripts and a sandboxed frame fetches modules only where the host allows it.
(function () {
  "use strict";
  var wasm = document.currentScript.dataset.wasm;
  var rescue = window.blumfeldRescue;
  // Where the page is one file it holds all others: a function that gives the bytes of one by its name, or null.
  var inside = window.blumfeldFiles;
  function failed(error) {
    if (rescue) rescue.failed(error);
    else document.querySelector(".loading p").textContent = "Blumfeld did not start. · Blumfeld 没有启动。 " + error;
  }

  // The program comes in two files; the first is enough for the first picture. Each function of the other one that is
  // called before it is there asks for it here and waits.
  var rest = document.currentScript.dataset.later;
  var first = null;
  var module = null;
  var here = !rest;
  var trying = false;
  // For the tests: whether it is there, and how often somebody had to wait.
  var later = { here: here, waited: 0, begin: begin, whole: whole, document: text, share: share, files: files };
  window.blumfeldLater = later;

  function begin(exports) {
    first = exports;
    // The first picture comes before it.
    if (module) join();
    else requestAnimationFrame(function () { setTimeout(come, 0); });
    window.addEventListener("online", come);
  }

  function join() {
    new WebAssembly.Instance(module, { m: first });
    here = later.here = true;
  }

  /** In the background; what fails is tried again, because whoever needs it should not have to wait. */
  function come() {
    if (here || trying) return Promise.resolve();
    trying = true;
    return (inside ? Promise.resolve(inside(rest)) : fetch(rest)
      .then(function (answer) {
        if (!answer.ok) throw new Error(answer.status);
        return answer.arrayBuffer();
      }))
      .then(function (bytes) { return WebAssembly.compile(bytes); })
      .then(function (compiled) {
        module = compiled;
        if (first && !here) join();
      })
      .catch(function () { setTimeout(come, 5000); })
      .then(function () { trying = false; });
  }

  /** Returns when the other file is there, or throws. Somebody who is called cannot wait otherwise. */
  function whole() {
    if (here) return;
    later.waited += 1;
    if (inside) {
      module = new WebAssembly.Module(inside(rest));
      return join();
    }
    var request = new XMLHttpRequest();
    request.open("GET", rest, false);
    // Bytes as letters: nothing else is allowed to a request that is waited for.
    request.overrideMimeType("text/plain; charset=x-user-defined");
    try {
      request.send();
    } catch (_) {
      request = null;
    }
    if (!request || request.status !== 200) {
      var error = new Error("A part of the program could not be fetched. · 程序的一部分没有取到。");
      error.unfetched = true;
      throw error;
    }
    var letters = request.responseText;
    var bytes = new Uint8Array(letters.length);
    for (var i = 0; i < letters.length; i++) bytes[i] = letters.charCodeAt(i);
    module = new WebAssembly.Module(bytes);
    join();
  }

  /** The text of a file beside the page, or null. */
  function text(file, heard) {
    var bytes = inside && inside(file);
    (inside ? Promise.resolve(bytes && new TextDecoder().decode(bytes)) : fetch(file)
      .then(function (answer) { return answer.ok ? answer.text() : null; }))
      .catch(function () { return null; })
      .then(heard);
  }

  // What only sharing needs of the browser is a file of its own. What is asked of it last is who hears of the answer.
  var sharing = null;
  function share(name) {
    var asked = Array.prototype.slice.call(arguments, 1);
    if (!sharing) {
      sharing = new Promise(function (done, failed) {
        var script = document.createElement("script");
        script.src = "share.js";
        script.onload = done;
        script.onerror = failed;
        document.head.append(script);
      });
    }
    sharing.then(function () { window.blumfeldShare[name].apply(null, asked); }, function () {
      sharing = null;
      asked[asked.length - 1](null);
    });
  }

  /** Files that are dropped on the page are read, and heard. */
  function files(heard) {
    function dragged(event) {
      var given = event.dataTransfer;
      if (!given || Array.prototype.indexOf.call(given.types, "Files") < 0) return;
      event.preventDefault();
      if (event.type === "drop") share("open", { files: given.files }, heard);
    }
    window.addEventListener("dragover", dragged);
    window.addEventListener("drop", dragged);
  }

  if (typeof wasm_bindgen !== "function") {
    failed("the program file is missing");
    return;
  }
  function start() {
    // Links are read and unpacked by the other file: whoever comes by one gets both at once.
    var both = location.hash.length > 1 ? come() : Promise.resolve();
    // A panic at the start comes as a trap; it gets its own card.
    both.then(function () { return wasm_bindgen({ module_or_path: inside ? inside(wasm) : wasm }); }).catch(failed);
  }
  // A page in a frame tells its height; one of its own keeps itself for times without a network.
  if (!inside && window.parent !== window) {
    var frame = document.createElement("script");
    frame.src = "frame.js";
    document.head.append(frame);
  } else if (!inside) {
    window.addEventListener("load", function () {
      setTimeout(function () {
        try { navigator.serviceWorker.register("sw.js").catch(function () {}); } catch (_) { /* not for this origin */ }
      }, 3000);
    });
  }
  // ctl=1: nothing is compiled or run before a click.
  if (!/[?&]ctl=(1|true)(&|$)/i.test(location.search)) {
    start();
    return;
  }
  var button = document.createElement("button");
  button.className = "btn primary play";
  button.setAttribute("aria-label", "Start · 开始");
  button.textContent = "▶";
  button.addEventListener("click", function () {
    button.remove();
    start();
  });
  document.querySelector(".loading").append(button);
})();
