// Starts the page's WebAssembly. A classic script of its own, because a strict content security policy forbids
// inline scripts and a sandboxed frame fetches modules only where the host allows it.
(function () {
  "use strict";
  var wasm = document.currentScript.dataset.wasm;
  function failed(error) {
    var card = document.getElementById("rescue");
    document.getElementById("rescue-title").textContent = "Blumfeld did not start. · Blumfeld 没有启动。";
    document.getElementById("rescue-text").textContent =
      "The page could not load its WebAssembly. · 页面没能加载 WebAssembly。";
    document.getElementById("rescue-detail").textContent = String(error);
    document.getElementById("rescue-reload").textContent = "Reload · 重新加载";
    document.getElementById("rescue-reload").setAttribute("href", location.href);
    card.hidden = false;
  }
  if (typeof wasm_bindgen !== "function") {
    failed("the program file is missing");
    return;
  }
  function start() {
    wasm_bindgen({ module_or_path: wasm }).catch(function (error) {
      // A panic has shown its own card already; it comes as a trap.
      if (document.getElementById("rescue").hidden) failed(error);
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
