// What only sharing needs of the browser: the stage as a picture, files that are saved and opened. The loader fetches it
// when somebody asks; whatever it cannot do it answers with null. What a file means is read by the program.
(function () {
  "use strict";
  /** One byte more than is read, so that the program can say that it is too much. */
  var MOST = (32 << 20) + 1;
  /** Sides and area of a picture, in pixels. */
  var SIDE = 8192;
  var AREA = 16e6;
  var SVG = "http://www.w3.org/2000/svg";
  /** How a mark looks, and what is the same without a word. */
  var LOOKS = {
    "fill": "rgb(0, 0, 0)", "stroke": "none", "stroke-width": "1px", "stroke-dasharray": "none", "stroke-dashoffset": "0px",
    "stroke-linecap": "butt", "stroke-linejoin": "miter", "fill-opacity": "1", "stroke-opacity": "1", "opacity": "1",
    "fill-rule": "nonzero", "paint-order": "normal", "font-family": "", "font-size": "", "font-weight": "400",
    "font-style": "normal", "text-anchor": "start", "dominant-baseline": "auto", "letter-spacing": "normal",
    "visibility": "visible", "transform": "none", "transform-origin": "", "transform-box": "view-box",
  };

  function element(name, attributes) {
    var made = document.createElementNS(SVG, name);
    for (var key in attributes) made.setAttribute(key, attributes[key]);
    return made;
  }

  /** Symbols of the page come along: outside of it nothing stands behind their names. */
  function spellOut(stage) {
    stage.querySelectorAll("use").forEach(function (use) {
      var symbol = document.querySelector(use.getAttribute("href"));
      var inner = element("svg", { viewBox: symbol ? symbol.getAttribute("viewBox") : "0 0 1 1", style: use.getAttribute("style") || "" });
      ["x", "y", "width", "height", "class"].forEach(function (name) {
        if (use.hasAttribute(name)) inner.setAttribute(name, use.getAttribute(name));
      });
      if (symbol) inner.append.apply(inner, symbol.cloneNode(true).childNodes);
      use.replaceWith(inner);
    });
  }

  /** Style sheets stay behind: each mark says itself how it looks. */
  function wear(stage) {
    var all = [stage].concat(Array.prototype.slice.call(stage.querySelectorAll("*")));
    all.forEach(function (mark) { mark.style.animation = mark.style.transition = "none"; });
    var worn = all.map(function (mark) {
      var style = getComputedStyle(mark);
      if (style.display === "none") return null;
      return Object.keys(LOOKS).map(function (name) { return [name, style.getPropertyValue(name)]; })
        .filter(function (look) { return look[1] !== LOOKS[look[0]]; });
    });
    all.forEach(function (mark, at) {
      if (!worn[at]) return mark.remove();
      Array.prototype.slice.call(mark.attributes).forEach(function (attribute) {
        if (/^(class|style|tabindex|role|aria-|data-)/.test(attribute.name)) mark.removeAttribute(attribute.name);
      });
      if (mark.tagName === "title") return;
      mark.setAttribute("style", worn[at].map(function (look) { return look.join(":"); }).join(";"));
    });
  }

  /** The stage with what moves on it, as an SVG of its own; null where there is none. */
  function drawn(label) {
    var board = document.querySelector("main .boards");
    var live = board && board.querySelector("svg");
    if (!live) return null;
    var frame = live.getBoundingClientRect();
    var over = board.querySelector("canvas");
    var stage = live.cloneNode(true);
    spellOut(stage);
    // Only where it stands do its rules hold; nothing is painted in between.
    board.append(stage);
    wear(stage);
    stage.remove();
    var whole = element("svg", { width: frame.width, height: frame.height, viewBox: "0 0 " + frame.width + " " + frame.height, role: "img" });
    var title = element("title", {});
    title.textContent = label;
    whole.append(title, element("rect", { width: "100%", height: "100%", fill: getComputedStyle(document.body).backgroundColor }));
    stage.setAttribute("width", frame.width);
    stage.setAttribute("height", frame.height);
    whole.append(stage);
    if (over && over.width && over.height) {
      var lies = over.getBoundingClientRect();
      whole.append(element("image", {
        x: lies.left - frame.left, y: lies.top - frame.top, width: lies.width, height: lies.height, href: over.toDataURL(),
      }));
    }
    return { text: new XMLSerializer().serializeToString(whole), width: frame.width, height: frame.height };
  }

  /** The stage as the bytes of a PNG. */
  function picture(label, heard) {
    var stage = drawn(label);
    if (!stage) return heard(null);
    var scale = Math.min(2, SIDE / stage.width, SIDE / stage.height, Math.sqrt(AREA / (stage.width * stage.height)));
    var address = URL.createObjectURL(new Blob([stage.text], { type: "image/svg+xml" }));
    var image = new Image();
    image.onload = function () {
      var canvas = document.createElement("canvas");
      canvas.width = Math.round(stage.width * scale);
      canvas.height = Math.round(stage.height * scale);
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      URL.revokeObjectURL(address);
      canvas.toBlob(function (blob) {
        if (!blob) return heard(null);
        blob.arrayBuffer().then(function (bytes) { heard(new Uint8Array(bytes)); }, function () { heard(null); });
      }, "image/png");
    };
    image.onerror = function () {
      URL.revokeObjectURL(address);
      heard(null);
    };
    image.src = address;
  }

  function save(name, type, content) {
    var address = URL.createObjectURL(new Blob([content], { type: type }));
    var link = document.createElement("a");
    link.href = address;
    link.download = name;
    link.click();
    setTimeout(function () { URL.revokeObjectURL(address); }, 60000);
  }

  /** The stage as an SVG file. */
  function still(label, name, heard) {
    var stage = drawn(label);
    if (stage) save(name, "image/svg+xml", stage.text);
    else heard(null);
  }

  /** Reads the first file of a chooser, or of what was dropped. */
  function open(from, heard) {
    var file = from.files && from.files[0];
    if (!file) return;
    file.slice(0, MOST).arrayBuffer()
      .then(function (bytes) { heard(new Uint8Array(bytes)); }, function () { heard(null); });
    // The same file may be chosen again.
    if ("value" in from) from.value = "";
  }

  window.blumfeldShare = { picture: picture, still: still, save: save, open: open };
})();
