// Starts the page's WebAssembly. A classic script of its own, because a strict content security policy forbids
// inline scripts and a sandboxed frame fetches modules only where the host allows it.
(function () {
  "use strict";
  var wasm = document.currentScript.dataset.wasm;
  var rescue = window.blumfeldRescue;
  function failed(error) {
    if (rescue) rescue.failed(error);
    else document.querySelector(".loading p").textContent = "Blumfeld did not start. · Blumfeld 没有启动。 " + error;
  }
  if (typeof wasm_bindgen !== "function") {
    failed("the program file is missing");
    return;
  }
  function start() {
    // A panic at the start comes as a trap; it gets its own card.
    wasm_bindgen({ module_or_path: wasm }).catch(failed);
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
