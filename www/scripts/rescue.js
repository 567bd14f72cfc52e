// The last thing that works. It holds what must outlive the program: links, the act under way, the reader's words. They
// are handed over before anything is done, so that nothing has to be asked of a program that has stopped. When
// WebAssembly fails, whoever called it (frame, message, timer, click), this stops everything and shows one card.
//
// It is not the place for what the program can still say itself. A classic script of its own, for the same reasons as
// loader.js.
(function () {
  "use strict";
  var BOTH = {
    panicTitle: "The engine stopped. · 引擎停了。",
    panic: "A mistake of ours stopped the engine. · 我们的一个错误让引擎停了。",
    memoryTitle: "The memory is used up. · 内存用完了。",
    memory: "This tab has no memory left for the run. · 这个标签页没有内存继续运行了。",
    loadTitle: "Blumfeld did not start. · Blumfeld 没有启动。",
    load: "The page could not load its WebAssembly. · 页面没能加载 WebAssembly。",
    // Begins with a blank where the language parts sentences by one.
    safe: "",
    reload: "Reload · 重新载入",
    without: "Open without the last act · 打开，不含最后一步",
    opening: "Open the first scene · 打开开场",
    link: "Link to the experiment · 实验链接",
    left: "The experiment before it · 之前的实验",
    lastAct: "The last act · 最后一步",
    typed: "What was typed · 已输入的内容",
    copy: "Copy · 复制",
    copied: "Copied. · 已复制。",
    copyFailed: "It is selected: copy it by hand. · 已选中，请手动复制。",
    host: "",
  };
  var words = BOTH;
  var held = { newest: /#b/.test(location.hash) ? location.href : "", before: "", branch: null, name: "", others: {}, left: "" };
  var pending = null;
  var panic = "";
  var fallen = false;
  var outside = false;

  /** Errors that a program gets as an answer are thrown on purpose. */
  function isOurs(error) {
    if (panic || (error && error.unfetched)) return true;
    if (!error || error.blumfeld) return false;
    var trap = typeof WebAssembly === "object" && error instanceof WebAssembly.RuntimeError;
    return trap || (!outside && /wasm-function/.test(String(error.stack)));
  }

  /** A panic has a message. What ends without one, by `unreachable`, has found no memory. */
  function isMemory(error) {
    if (panic) return false;
    return /unreachable|out of memory|allocation|too large/i.test(String(error && error.message));
  }

  function seen(error) {
    if (!fallen && isOurs(error)) fell(error);
    return fallen;
  }

  window.addEventListener("error", function (event) { seen(event.error); });
  window.addEventListener("unhandledrejection", function (event) { seen(event.reason); });
  // These came first, so that after a fall nothing reaches the program any more.
  ["message", "resize", "hashchange", "keydown", "pagehide", "visibilitychange"].forEach(function (kind) {
    window.addEventListener(kind, function (event) {
      if (!fallen) return;
      event.stopImmediatePropagation();
      // A key that is still held down presses nothing.
      if (event.repeat) event.preventDefault();
    }, true);
  });

  /** No frame and no timer comes any more: their numbers are given in turn. */
  function stop() {
    var frame = requestAnimationFrame(function () {});
    for (var some = 0; some < 1000 && frame > 0; some += 1, frame -= 1) cancelAnimationFrame(frame);
    for (var timer = setTimeout(function () {}, 0); timer > 0; timer -= 1) clearTimeout(timer);
    try { window.blumfeld = undefined; } catch (_) { /* then its methods throw */ }
    var app = document.getElementById("app");
    if (app) app.remove();
  }

  /** What stands in open forms and in the terminal's line. */
  function typed() {
    var fields = document.querySelectorAll("dialog[open] input, dialog[open] select, dialog[open] textarea, .terminal input");
    return Array.prototype.filter.call(fields, function (field) {
      return field.value && !field.readOnly && field.type !== "checkbox";
    }).map(function (field) {
      var label = (field.labels && field.labels[0] && field.labels[0].textContent) || field.getAttribute("aria-label") || "";
      return label + ": " + field.value;
    }).join("\n");
  }

  function put(kind, parent, name, text) {
    var element = document.createElementNS("http://www.w3.org/1999/xhtml", kind);
    if (name) element.className = name;
    if (text) element.textContent = text;
    parent.append(element);
    return element;
  }

  /** A text to take along: it can be copied, and where that is forbidden it gets selected. */
  function keepsake(parent, name, text) {
    if (!text) return;
    var row = put("div", parent, "field");
    var field = put("textarea", put("label", row, "", name), "in mono");
    field.readOnly = true;
    field.rows = Math.min(4, text.split("\n").length);
    field.value = text;
    var line = put("div", row, "buttons");
    var said = put("small", line);
    said.setAttribute("role", "status");
    var button = put("button", line, "btn", words.copy);
    line.prepend(button);
    button.addEventListener("click", function () {
      var byHand = function () { field.select(); said.textContent = words.copyFailed; };
      if (!navigator.clipboard) return byHand();
      navigator.clipboard.writeText(text).then(function () { said.textContent = words.copied; }, byHand);
    });
  }

  /** Opens an address of this page anew. The same one with a fragment would only be scrolled to. */
  function open(link) {
    if (!link) return location.replace(location.pathname + location.search);
    var fragment = link.slice(link.indexOf("#"));
    try { history.replaceState(null, "", fragment); } catch (_) { location.hash = fragment; }
    location.reload();
  }

  function card(title, text, detail) {
    var home = document.getElementById("rescue");
    home.textContent = "";
    var main = put("main", home, "");
    var section = put("section", main, "sheet rescue");
    section.setAttribute("role", "alertdialog");
    section.setAttribute("aria-labelledby", "rescue-title");
    section.setAttribute("aria-describedby", "rescue-text");
    put("h1", section, "", title).id = "rescue-title";
    put("p", section, "", text).id = "rescue-text";
    var buttons = put("div", section, "buttons");
    var reload = put("button", buttons, "btn primary", words.reload);
    reload.id = "rescue-reload";
    reload.addEventListener("click", function () { open(held.newest); });
    home.hidden = false;
    // Not at once: the key that has led here would press the button. A frame leaves the focus to its host.
    setTimeout(function () {
      if (window === window.top || document.hasFocus()) reload.focus();
    }, 0);
    return { section: section, buttons: buttons, detail: function () { put("p", section, "muted mono", detail); } };
  }

  function choice(buttons, name, link) {
    var button = put("button", buttons, "btn", name);
    button.id = link ? "rescue-without" : "rescue-opening";
    button.addEventListener("click", function () { open(link); });
  }

  function tellHost(text) {
    if (window.parent === window) return;
    var message = { blumfeld: 1, type: "error", id: null, error: "stopped", text: text };
    try { window.parent.postMessage(message, words.host || "*"); } catch (_) { /* nobody hears it */ }
  }

  function fell(error) {
    if (fallen) return;
    fallen = true;
    var lines = typed();
    var memory = isMemory(error);
    stop();
    var title = memory ? words.memoryTitle : words.panicTitle;
    // No mistake of ours: the loader's own sentence.
    var why = error && error.unfetched ? error.message : memory ? words.memory : words.panic;
    var text = why + (held.newest && words.safe);
    var shown = card(title, text, panic || String(error));
    // Of an act under way nothing is in the newest link; then both lead to the moment before it.
    var without = pending ? pending.before : held.before;
    if (without) choice(shown.buttons, words.without, without);
    else if (location.hash) choice(shown.buttons, words.opening, "");
    keepsake(shown.section, words.link, held.newest);
    if (pending) keepsake(shown.section, words.lastAct, pending.line);
    keepsake(shown.section, words.typed, lines);
    Object.keys(held.others).forEach(function (name) { keepsake(shown.section, held.others[name].name, held.others[name].link); });
    keepsake(shown.section, words.left, held.left);
    shown.detail();
    tellHost(title + " " + text);
  }

  /** The program has not even started. */
  function failed(error) {
    if (fallen || seen(error)) return;
    fallen = true;
    stop();
    card(words.loadTitle, words.load, String(error)).detail();
    tellHost(words.load);
  }

  window.blumfeldRescue = {
    /** The reader's language, and whose messages are heard. */
    speak: function (said) { words = Object.assign({}, BOTH, said); },
    /** An act will be carried out: the link to the moment before it, and the act as a line. */
    about: function (before, line) { pending = { before: before, line: line }; },
    /** It was refused, or it is done. */
    settled: function () { pending = null; },
    /** The newest link of the branch that is shown; branches are told apart by their numbers. */
    keep: function (branch, name, link) {
      if (pending && link !== held.newest) held.before = pending.before;
      if (branch !== held.branch) {
        if (held.branch !== null) held.others[held.branch] = { name: held.name, link: held.newest };
        delete held.others[branch];
        held.branch = branch;
      }
      held.name = name;
      held.newest = link;
    },
    /** Listeners of other scripts run. */
    outside: function (yes) { outside = yes; },
    /** Another experiment takes the place of this one. */
    opened: function (link) {
      held = { newest: link, before: "", branch: null, name: "", others: {}, left: held.branch === null ? held.left : held.newest };
      pending = null;
    },
    /** The program ends after this. Whoever has called it gets the trap, and that may be another page's script. */
    panicked: function (text) {
      panic = panic || text;
      setTimeout(function () { fell(text); }, 0);
    },
    fell: fell,
    failed: failed,
  };
})();
