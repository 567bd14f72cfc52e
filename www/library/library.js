// The library's script: search, progress, copying, light or dark. Without it all lessons are listed and can be opened.
(function () {
  "use strict";
  var root = document.documentElement;
  var language = root.lang;
  var find = function (selector, within) { return Array.from((within || document).querySelectorAll(selector)); };

  function theme() {
    var asked = /[?&]theme=(light|dark|projector|contrast)(&|$)/i.exec(location.search);
    if (asked) return asked[1].toLowerCase();
    return window.matchMedia && matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  }
  root.dataset.theme = theme();
  document.getElementById("theme").addEventListener("click", function () {
    root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
    carry();
  });

  /** Every way to another page keeps the theme that is seen. */
  function carry() {
    find("a[href]").forEach(function (link) {
      var to = new URL(link.getAttribute("href"), location.href);
      to.searchParams.set("theme", root.dataset.theme);
      link.href = to.href;
    });
  }

  // Where nothing may be kept there is no progress.
  function kept(id) {
    try { return localStorage.getItem("blumfeld.lesson." + id); } catch (_) { return null; }
  }
  var steps = { predict: 1, run: 2, check: 3 };
  var last = null;
  find(".card").forEach(function (card) {
    var progress = kept(card.dataset.id);
    var state = card.querySelector(".state");
    if (progress === "done") {
      state.textContent = "✓ " + state.dataset.done;
      card.classList.add("done");
    } else if (steps[progress]) {
      state.textContent = state.dataset.step.replace("{}", steps[progress]);
      card.classList.add("begun");
    }
  });
  try { last = localStorage.getItem("blumfeld.lesson-last"); } catch (_) { /* nothing is kept here */ }
  var latest = last && find(".card").find(function (card) { return card.dataset.id === last; });
  if (latest && latest.classList.contains("begun")) {
    var place = document.getElementById("continue");
    place.querySelector("b").textContent = latest.querySelector("h3").textContent;
    place.querySelector(".muted").textContent = latest.querySelector(".state").textContent;
    place.querySelector("a").href = latest.querySelector("h3 a").href;
    place.hidden = false;
  }

  // A guess shows the verdict, and is kept.
  function guessed(card, guess) {
    var told = card.querySelector(".guessed");
    told.textContent = guess === card.dataset.verdict ? "✓ " + told.dataset.right : told.dataset.wrong;
    find("[data-guess]", card).forEach(function (button) {
      button.setAttribute("aria-pressed", String(button.dataset.guess === guess));
    });
    card.querySelector("details").open = true;
  }
  find("[data-note]").forEach(function (card) {
    var name = "blumfeld.note." + card.dataset.note;
    find("[data-guess]", card).forEach(function (button) {
      button.addEventListener("click", function () {
        guessed(card, button.dataset.guess);
        try { localStorage.setItem(name, button.dataset.guess); } catch (_) { /* nothing is kept here */ }
      });
    });
    try { if (localStorage.getItem(name)) guessed(card, localStorage.getItem(name)); } catch (_) { /* nor read */ }
  });

  var field = document.getElementById("search");
  var found = document.getElementById("found");
  function search() {
    var wanted = field.value.toLowerCase().split(/[\s,，、?？。.]+/).filter(Boolean);
    var fitting = 0;
    find("[data-find]").forEach(function (card) {
      var fits = wanted.every(function (word) { return card.dataset.find.includes(word); });
      card.hidden = !fits;
      if (fits) fitting += 1;
    });
    find("main > section:not(.ask)").forEach(function (section) {
      section.hidden = !find("[data-find]", section).some(function (card) { return !card.hidden; });
    });
    if (!wanted.length) found.textContent = "";
    else if (fitting === 0) found.textContent = found.dataset.none;
    else if (fitting === 1) found.textContent = found.dataset.one;
    else found.textContent = found.dataset.many.replace("{}", fitting);
  }
  field.addEventListener("input", search);

  var dialog = document.getElementById("copying");
  var text = dialog.querySelector("textarea");
  var told = dialog.querySelector("[role=status]");
  /** "Copied" is said only when it was. */
  function copy() {
    text.select();
    var done = navigator.clipboard ? navigator.clipboard.writeText(text.value) : Promise.reject();
    done.then(
      function () { told.textContent = told.dataset.copied; },
      function () { told.textContent = told.dataset.select; text.focus(); text.select(); }
    );
  }
  dialog.querySelector("[value=copy]").addEventListener("click", copy);
  function escaped(words) {
    return words.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  }
  find("[data-copy]").forEach(function (button) {
    button.addEventListener("click", function () {
      var card = button.closest("[data-id]");
      var link = new URL("./?s=" + card.dataset.id + "&lang=" + language, location.href).href;
      var title = card.querySelector("h3").textContent;
      text.value = button.dataset.copy === "link" ? link
        : '<iframe src="' + escaped(link.replace("?", "?embed=1&")) + '" title="' + escaped(title)
          + '" width="100%" height="520" loading="lazy" sandbox="allow-scripts"></iframe>';
      dialog.querySelector("h2").textContent = button.title;
      told.textContent = "";
      dialog.showModal();
      copy();
    });
  });
  carry();
})();
