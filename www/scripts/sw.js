// The main site without a network. The build puts VERSION and FILES before this: a version is one whole set of files that
// belong together. Nothing is kept that comes later, so that no page is ever made of two versions.
//
// Frames without an origin of their own (`sandbox`) are not served by it: browsers ask no service worker there.
"use strict";
var CACHE = "blumfeld-" + VERSION;
/** Files whose names change with their contents. */
var HASHED = /-[0-9a-f]{16}(_bg)?\.[a-z]+$/;

self.addEventListener("install", function (event) {
  var requests = FILES.map(function (file) {
    // What keeps its name is asked of the server, not of the browser's memory of an older version.
    return new Request(file, { cache: HASHED.test(file) ? "default" : "no-cache" });
  });
  // All of them or none: what fails here is tried again with the next visit.
  event.waitUntil(caches.open(CACHE)
    .then(function (cache) { return cache.addAll(requests); })
    .then(function () { return self.skipWaiting(); }));
});

self.addEventListener("activate", function (event) {
  event.waitUntil(caches.keys()
    .then(function (names) {
      var old = names.filter(function (name) { return name.startsWith("blumfeld-") && name !== CACHE; });
      // A tab that stands open since the version before may still fetch its files.
      return Promise.all(old.slice(0, -1).map(function (name) { return caches.delete(name); }));
    })
    .then(function () { return self.clients.claim(); }));
});

self.addEventListener("fetch", function (event) {
  var request = event.request;
  var address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (!address.href.startsWith(self.registration.scope)) return;
  event.respondWith(HASHED.test(address.pathname) ? kept(request) : fresh(request));
});

/** From any version: the name says what is in it. */
function kept(request) {
  return caches.match(request, { ignoreSearch: true }).then(function (answer) { return answer || fetch(request); });
}

/** From the network, whatever the browser still remembers of it; without one from the newest whole version. */
function fresh(request) {
  return fetch(request, { cache: "no-cache" }).catch(function (error) {
    var name = request.url.split(/[?#]/)[0].replace(/\/index\.html$/, "/");
    return caches.open(CACHE)
      .then(function (cache) { return cache.match(name); })
      .then(function (answer) {
        if (answer) return answer;
        throw error;
      });
  });
}
