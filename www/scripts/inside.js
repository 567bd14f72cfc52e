// Of the page that is one file: its other files stand in it as base64. A classic script, as all others here.
(function () {
  "use strict";
  /** The bytes of a file by its name, or null. */
  window.blumfeldFiles = function (name) {
    var element = document.querySelector('script[data-file="' + name.replace(/["\\]/g, "") + '"]');
    if (!element) return null;
    var letters = atob(element.textContent);
    var bytes = new Uint8Array(letters.length);
    for (var i = 0; i < letters.length; i++) bytes[i] = letters.charCodeAt(i);
    return bytes;
  };
})();
