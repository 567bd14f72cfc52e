// <blumfeld-player>: an experiment inside another page. One classic script without dependencies; docs/embedding.md tells
// what it takes. It draws a poster, loads Blumfeld into a frame when somebody wants it, and speaks the frame's messages.
//
// It is not the program: nothing here knows what a broker is. Where there is no window, as while a page is made on a
// server, it does nothing.
(function () {
  "use strict";
  if (typeof window === "undefined" || typeof document === "undefined" || !window.customElements) return;
  if (customElements.get("blumfeld-player")) return;

  /** The version of the messages; the first number is the field `blumfeld` of each of them. */
  var PROTOCOL = "1.1.0";
  var SCRIPT = document.currentScript && document.currentScript.src;
  /** The option table; all are attributes of the element, and go into the frame's address as they are. */
  var OPTIONS = [
    "s", "seed", "v", "lang", "terms", "theme", "motion", "autoplay", "at", "until", "speed", "view", "row", "title",
    "step", "check", "with", "hide", "controls", "allow", "readonly", "links", "fork", "api",
  ];
  /** Options of the element itself. */
  var OWN = ["src", "link", "ctl", "height", "offline"];
  /** What comes out of a frame, and becomes an event of the element. */
  var EVENTS = ["ready", "loaded", "error", "play", "pause", "step", "event", "action", "check", "complete", "height", "state"];
  var HEIGHT = { usual: 520, least: 200, most: 1000 };
  /** Milliseconds until an answer is given up; a link may have to be replayed first, a frame to be fetched. */
  var PATIENCE = { answer: 10000, load: 60000, ready: 60000 };
  var SVG = "http://www.w3.org/2000/svg";

  var WORDS = {
    en: {
      load: "Click to load", loads: "Loading", name: "Experiment", stopped: "The experiment did not load.",
      again: "Try again", late: "No answer came in time.", gone: "The player was removed.", bad: "src and link take an address of Blumfeld.",
      base: "The player does not know where Blumfeld lies: give it src.",
    },
    zh: {
      load: "点击加载", loads: "正在加载", name: "实验", stopped: "实验没有加载成功。",
      again: "再试一次", late: "没有及时得到回答。", gone: "播放器已被移除。", bad: "src 和 link 需要 Blumfeld 的地址。",
      base: "播放器不知道 Blumfeld 在哪里，请写 src。",
    },
  };

  var STYLE =
    ":host{display:block;position:relative;max-width:100%;min-width:0;" +
    "--pl-bg:#f5f4f0;--pl-card:#fff;--pl-line:#85817a;--pl-ink:#1c1d20;--pl-accent:#2c50cf;--pl-on:#fff;--pl-soft:#d4e6ee;--pl-hue:#005c85}" +
    ":host([hidden]){display:none}" +
    ".dark{--pl-bg:#16181c;--pl-card:#1f2227;--pl-line:#8b8f98;--pl-ink:#eceae4;--pl-accent:#8fa8ff;--pl-on:#10131c;--pl-soft:#20404f;--pl-hue:#6cc4ea}" +
    ".box{position:relative;overflow:hidden;height:100%;background:var(--pl-bg);color:var(--pl-ink);border:1px solid var(--pl-line);border-radius:10px;" +
    "font:14px/1.45 system-ui,-apple-system,'Segoe UI',Roboto,'PingFang SC','Noto Sans CJK SC','Microsoft YaHei',sans-serif;box-sizing:border-box}" +
    "iframe{display:block;border:0;width:100%;height:100%}" +
    ".poster{position:absolute;inset:0;display:flex;flex-direction:column}" +
    ".poster b{display:block;padding:9px 14px;background:var(--pl-card);border-bottom:1px solid var(--pl-line);font-weight:600;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;min-height:40px;box-sizing:border-box}" +
    ".drawn{flex:1;min-height:0;position:relative}.drawn>svg,.drawn>img{position:absolute;inset:0;width:100%;height:100%;object-fit:contain}" +
    "button{position:absolute;left:50%;bottom:28px;transform:translateX(-50%);display:flex;align-items:center;gap:10px;min-height:48px;padding:0 20px;border:0;border-radius:24px;background:var(--pl-accent);color:var(--pl-on);font:inherit;font-weight:600;cursor:pointer}" +
    "button:focus-visible{outline:2.5px solid var(--pl-accent);outline-offset:3px}button svg{width:14px;height:14px;fill:currentColor}" +
    ".said{position:absolute;left:0;right:0;bottom:84px;margin:0;text-align:center;padding:4px 12px;background:var(--pl-card)}" +
    ".unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}" +
    "@media print{button{display:none}}";

  /** Our own sheet where it can be made without an inline style, which a policy may forbid. */
  var sheet = null;
  function dress(root) {
    try {
      if (!sheet) {
        sheet = new CSSStyleSheet();
        sheet.replaceSync(STYLE);
      }
      root.adoptedStyleSheets = [sheet];
    } catch (_) {
      put("style", root).textContent = STYLE;
    }
  }

  function put(kind, parent, attributes, text) {
    var svg = parent.namespaceURI === SVG || kind === "svg";
    var element = svg ? document.createElementNS(SVG, kind) : document.createElement(kind);
    Object.keys(attributes || {}).forEach(function (name) { element.setAttribute(name, attributes[name]); });
    if (text) element.textContent = text;
    parent.append(element);
    return element;
  }

  /** A cluster of three brokers as the opening scene has it, without a moment: nothing in it claims to have happened. */
  function drawing(parent) {
    var svg = put("svg", parent, { viewBox: "0 0 480 240", "aria-hidden": "true" });
    var card = { rx: 6, fill: "var(--pl-card)", stroke: "var(--pl-line)" };
    function box(x, y, width, height, looks) {
      return put("rect", svg, Object.assign({ x: x, y: y, width: width, height: height }, looks));
    }
    function label(x, y, text) {
      put("text", svg, { x: x, y: y, "font-size": 11, "font-weight": 600, fill: "var(--pl-ink)", "font-family": "system-ui,sans-serif" }, text);
    }
    [72, 152].forEach(function (y) { put("path", svg, { d: "M76 " + y + "C96 " + y + " 92 44 110 44", fill: "none", stroke: "var(--pl-hue)", "stroke-width": 2 }); });
    put("path", svg, { d: "M372 44C390 44 388 112 404 112", fill: "none", stroke: "var(--pl-hue)", "stroke-width": 2 });
    box(12, 54, 64, 36, card); label(22, 76, "web");
    box(12, 134, 64, 36, card); label(22, 156, "app");
    box(404, 94, 64, 36, card); label(414, 116, "billing");
    [0, 1, 2].forEach(function (broker) {
      var y = 14 + broker * 74;
      box(110, y, 262, 62, card);
      label(120, y + 18, "Broker " + (broker + 1));
      for (var cell = 0; cell < 6; cell += 1) {
        box(142 + cell * 26, y + 26, 24, 24, { rx: 4, fill: broker === 0 ? "var(--pl-hue)" : "var(--pl-soft)", stroke: "var(--pl-hue)" });
      }
      label(122, y + 43, broker === 0 ? "L" : "F");
    });
    return svg;
  }

  function named(name, text) {
    var error = new Error(text);
    error.name = name;
    return error;
  }

  /** Said once: a newer or older page behind the address answers less than it is asked. */
  var warned = false;
  function compare(theirs) {
    // Pages from before versions were told speak the first.
    var major = String(theirs === undefined ? PROTOCOL : theirs).split(".")[0];
    if (warned || major === PROTOCOL.split(".")[0]) return;
    warned = true;
    console.error("blumfeld-player: this player speaks version " + PROTOCOL + " of the messages, the page in its frame " + String(theirs).slice(0, 20) +
      ". Take player.js from the same place as the page.");
  }

  /** All on this page share one listener each; it goes with the last of them. */
  var players = [];
  function heard(event) {
    var data = event.data;
    if (!data || typeof data !== "object") return;
    if (data.blumfeld !== 1) {
      var is = function (player) { return player._frame && event.source === player._frame.contentWindow; };
      if (typeof data.blumfeld === "number" && players.some(is)) compare(data.protocol || data.blumfeld);
      return;
    }
    players.slice().forEach(function (player) { player._heard(event.source, data); });
  }
  function shown() { players.slice().forEach(function (player) { player._look(); }); }
  function enlist(player) {
    if (players.length === 0) {
      window.addEventListener("message", heard);
      document.addEventListener("visibilitychange", shown);
    }
    players.push(player);
  }
  function dismiss(player) {
    players = players.filter(function (other) { return other !== player; });
    if (players.length > 0) return;
    window.removeEventListener("message", heard);
    document.removeEventListener("visibilitychange", shown);
  }

  class BlumfeldPlayer extends HTMLElement {
    static get observedAttributes() { return OPTIONS.concat(OWN); }

    /** An element with these options, as attributes have them. */
    static create(options) {
      var player = document.createElement("blumfeld-player");
      Object.keys(options || {}).forEach(function (name) { player.setAttribute(name.toLowerCase(), String(options[name])); });
      return player;
    }

    constructor() {
      super();
      this._root = this.attachShadow({ mode: "open" });
      dress(this._root);
      this._count = 0;
      this._reset();
    }

    _reset() {
      this._frame = null;
      this._ready = null;
      this._asked = new Map();
      this._plays = false;
      this._held = false;
      this._near = false;
      this._seen = true;
    }

    connectedCallback() {
      if (this._box) return;
      enlist(this);
      this._draw();
      var player = this;
      if (window.IntersectionObserver) {
        this._watch = new IntersectionObserver(function (entries) {
          player._seen = entries[entries.length - 1].isIntersecting;
          player._look();
        }, { rootMargin: "100px" });
        this._watch.observe(this);
      }
    }

    disconnectedCallback() {
      if (this._watch) this._watch.disconnect();
      this._watch = null;
      dismiss(this);
      this._clear("closed");
    }

    attributeChangedCallback(name, before, after) {
      if (!this._box || before === after || this._waits) return;
      // Several changes at once are one.
      this._waits = true;
      var player = this;
      Promise.resolve().then(function () {
        player._waits = false;
        if (!player.isConnected) return;
        player._clear("closed");
        player._draw();
        player._look();
      });
    }

    /** Everything away; who still waits is told. */
    _clear(why) {
      var words = this._words();
      this._asked.forEach(function (asked) {
        clearTimeout(asked.timer);
        asked.refuse(named(why, words.gone));
      });
      if (this._ready) {
        clearTimeout(this._ready.timer);
        this._ready.refuse(named(why, words.gone));
        this._ready.waiting.forEach(function (waiting) {
          clearTimeout(waiting.timer);
          waiting.refuse(named(why, words.gone));
        });
      }
      if (this._box) this._box.remove();
      this._box = null;
      var seen = this._seen;
      this._reset();
      this._seen = seen;
    }

    /** The reader's language: the option, the page's, the browser's. */
    _language() {
      var near = this.closest("[lang]");
      var tag = (this.getAttribute("lang") || "auto").toLowerCase();
      if (tag === "auto") tag = (near && near !== this && near.lang) || navigator.language || "en";
      return /^zh/i.test(tag) ? "zh" : "en";
    }

    _words() { return WORDS[this._language()]; }

    _title() { return this.getAttribute("title") || "Blumfeld"; }

    _isDark() {
      var theme = (this.getAttribute("theme") || "auto").toLowerCase();
      return theme === "dark" || (theme === "auto" && window.matchMedia && matchMedia("(prefers-color-scheme: dark)").matches);
    }

    _draw() {
      var words = this._words();
      var player = this;
      this._box = put("div", this._root, { class: this._isDark() ? "box dark" : "box", role: "group", "aria-label": words.name + ": " + this._title() });
      this._size();
      var poster = (this._poster = put("div", this._box, { class: "poster" }));
      put("b", poster, {}, this._title());
      this._picture(put("div", poster, { class: "drawn" }));
      var button = put("button", poster, { type: "button" });
      put("path", put("svg", button, { viewBox: "0 0 16 16", "aria-hidden": "true" }), { d: "M3 1.5v13L14.5 8z" });
      put("span", button, {}, words.load);
      put("span", button, { class: "unseen" }, ": " + this._title());
      button.addEventListener("click", function () {
        player._load().catch(function () { /* it is shown */ });
        if (player._frame) player._frame.focus();
      });
    }

    /** A lesson's own picture; until it is there, and where there is none, the drawing. */
    _picture(parent) {
      var drawn = drawing(parent);
      var id = (this.getAttribute("s") || "").toLowerCase();
      var base = this._base();
      if (!base || id === "opening" || !/^[a-z0-9-]+$/.test(id)) return;
      var image = put("img", parent, { alt: "", loading: "lazy", hidden: "" });
      image.addEventListener("load", function () {
        image.hidden = false;
        drawn.remove();
      });
      image.addEventListener("error", function () { image.remove(); });
      image.src = new URL("posters/" + id + ".svg", base).href;
    }

    /** A fixed height where one is given, else what the frame asks for. */
    _size(asked) {
      var given = parseFloat(this.getAttribute("height"));
      var height = given > 0 ? given : asked || HEIGHT.usual;
      this.style.height = (given > 0 ? given : Math.min(HEIGHT.most, Math.max(HEIGHT.least, height))) + "px";
    }

    /** Where Blumfeld lies: the address in `src`, else the folder above this script. `null` if neither is known. */
    _base() {
      try {
        var base = this.hasAttribute("src")
          ? new URL(this.getAttribute("src"), document.baseURI)
          : new URL("../", SCRIPT);
        // Anything else would run in this page, or shows nothing.
        return /^(https?|file):$/.test(base.protocol) ? base : null;
      } catch (_) {
        return null;
      }
    }

    /** The frame's address. */
    address() {
      var address = this._base();
      if (!address) throw named("bad-argument", this.hasAttribute("src") ? this._words().bad : this._words().base);
      var player = this;
      // Attributes are stronger than what stands in `src`, in whatever case that is.
      Array.from(address.searchParams.keys()).forEach(function (name) {
        var low = name.toLowerCase();
        if (low === "ctl" || low === "embed" || player.hasAttribute(low)) address.searchParams.delete(name);
      });
      address.searchParams.set("embed", "1");
      OPTIONS.forEach(function (name) {
        if (player.hasAttribute(name)) address.searchParams.set(name, player.getAttribute(name));
      });
      if (!address.searchParams.has("lang")) address.searchParams.set("lang", this._language());
      // Messages of this page, and of no other, are heard; a page without an origin cannot be told from others.
      if (!address.searchParams.has("api")) {
        address.searchParams.set("api", /^https?:/.test(window.origin) ? window.origin : "opaque");
      }
      if (this.hasAttribute("link")) {
        // A lesson's link says in its options which one it is, and at which step.
        var link = this.getAttribute("link").trim();
        var mark = (link + "#").indexOf("#");
        var fragment = link.slice(mark + 1) || (mark === link.length && /^[bt]\d+\./.test(link) ? link : "");
        var asks = new URLSearchParams(link.slice(0, mark).split("?")[1] || "");
        OPTIONS.forEach(function (name) {
          if (asks.has(name) && !player.hasAttribute(name)) address.searchParams.set(name, asks.get(name));
        });
        if (!/^[bt]\d+\./.test(fragment) && (fragment || !asks.has("s"))) throw named("bad-argument", this._words().bad);
        address.hash = fragment;
      }
      return address.href;
    }

    _look() {
      if (!this._box) return;
      var ctl = (this.getAttribute("ctl") || "1").toLowerCase();
      if (this._seen && !this._frame && !this._failed && (ctl === "0" || ctl === "false")) {
        this._load().catch(function () { /* it is shown */ });
      }
      var visible = this._seen && document.visibilityState !== "hidden";
      if (!this._frame) return;
      if (!visible && this._plays && !this._held) {
        this._held = true;
        this._send({ type: "pause" });
      } else if (visible && this._held) {
        // Only what was stopped here goes on here.
        this._held = false;
        this._send({ type: "play" });
      }
    }

    /** Puts the frame in place; the promise is kept when it is ready. */
    _load() {
      if (!this._box) return Promise.reject(named("closed", this._words().gone));
      if (this._ready) return this._ready.promise;
      var player = this;
      var ready = (this._ready = { open: false, waiting: [] });
      ready.promise = new Promise(function (keep, refuse) {
        ready.keep = keep;
        ready.refuse = refuse;
      });
      ready.promise.catch(function () { /* whoever asked hears it */ });
      try {
        var address = this.address();
        this._say(this._words().loads);
        var frame = (this._frame = document.createElement("iframe"));
        frame.title = this._words().name + ": " + this._title();
        var links = (this.getAttribute("links") || "1") !== "0";
        // Without a network only a frame of this page's own origin is served; then nothing is left to shut in.
        var own = this.hasAttribute("offline") && window.origin !== "null" && new URL(address).origin === window.origin;
        if (!own) frame.setAttribute("sandbox", "allow-scripts" + (links ? " allow-popups allow-popups-to-escape-sandbox" : ""));
        frame.setAttribute("allow", "clipboard-write");
        frame.src = address;
        this._box.append(frame);
        this._poster.querySelector("button").remove();
        ready.timer = setTimeout(function () { player._fail(named("timeout", player._words().late)); }, PATIENCE.ready);
      } catch (error) {
        this._fail(error);
      }
      return ready.promise;
    }

    _say(text) {
      var said = this._poster.querySelector(".said") || put("p", this._poster, { class: "said", role: "status" });
      said.textContent = text;
    }

    /** The frame did not come: the poster says so, and whoever wants can try again. */
    _fail(error) {
      if (this._ready) this._ready.refuse(error);
      this._clear(error.name);
      this._failed = true;
      this._draw();
      this._say(this._words().stopped + " " + error.message);
      this._poster.querySelector("button span").textContent = this._words().again;
      this._tell("error", { blumfeld: 1, type: "error", id: null, error: error.name, text: error.message });
    }

    _tell(type, data) {
      this.dispatchEvent(new CustomEvent(type, { detail: data }));
    }

    _send(message) {
      // The frame has no origin that could be named.
      if (this._frame && this._frame.contentWindow) {
        this._frame.contentWindow.postMessage(Object.assign({ blumfeld: 1, id: null }, message), "*");
      }
    }

    _heard(source, data) {
      if (!this._frame || source !== this._frame.contentWindow) return;
      if (data.type === "ready" && this._poster) {
        clearTimeout(this._ready.timer);
        compare(data.protocol);
        this._failed = false;
        this._poster.remove();
        this._poster = null;
        this._ready.keep();
        // It may play already.
        this._send({ type: "getState" });
      }
      if (data.type === "loaded" && !this._ready.open) {
        this._ready.open = true;
        this._ready.waiting.forEach(function (waiting) {
          clearTimeout(waiting.timer);
          waiting.keep();
        });
      }
      if (data.type === "play" || data.type === "pause" || data.type === "state") {
        this._plays = data.type === "play" || (data.type === "state" && data.playing === true);
        // Somebody else has decided; out of sight it stops all the same.
        if (this._plays) this._held = false;
        this._look();
      }
      if (data.type === "height" && data.px > 0) this._size(Number(data.px));
      var asked = data.id === null || data.id === undefined ? null : this._asked.get(data.id);
      if (asked) {
        this._asked.delete(data.id);
        clearTimeout(asked.timer);
        if (data.type === "error") asked.refuse(named(String(data.error), String(data.text)));
        else asked.keep(data);
      }
      if (EVENTS.indexOf(data.type) >= 0) this._tell(data.type, data);
    }

    /** Kept once the experiment of the address has been run up to where it opens. */
    _opened() {
      var ready = this._ready;
      if (ready.open) return Promise.resolve();
      var player = this;
      return new Promise(function (keep, refuse) {
        var timer = setTimeout(function () { refuse(named("timeout", player._words().late)); }, PATIENCE.load);
        ready.waiting.push({ keep: keep, refuse: refuse, timer: timer });
      });
    }

    /** Asks the frame, which is loaded first if it is not there. */
    _ask(message) {
      var player = this;
      return this._load().then(function () {
        // Until then it can only be looked at.
        return message.type === "getState" ? undefined : player._opened();
      }).then(function () {
        return new Promise(function (keep, refuse) {
          var id = (player._count += 1);
          var timer = setTimeout(function () {
            player._asked.delete(id);
            refuse(named("timeout", player._words().late));
          }, message.type === "load" ? PATIENCE.load : PATIENCE.answer);
          player._asked.set(id, { keep: keep, refuse: refuse, timer: timer });
          player._send(Object.assign({ id: id }, message));
        });
      });
    }

    play() { return this._ask({ type: "play" }); }
    pause() { return this._ask({ type: "pause" }); }
    step() { return this._ask({ type: "step" }); }
    back() { return this._ask({ type: "back" }); }
    /** `"12.5s"`, `"mark:NAME"`, or whole nanoseconds. */
    seek(at) { return this._ask({ type: "seek", at: at }); }
    getState() { return this._ask({ type: "getState" }); }
    /** Another experiment, by its link or the fragment of it. */
    load(link) { return this._ask({ type: "load", link: link }); }
  }

  customElements.define("blumfeld-player", BlumfeldPlayer);
  window.BlumfeldPlayer = BlumfeldPlayer;
})();
