// The main site without a network. The build puts VERSION, FILES and OF_EDITOR before this: a version is one whole set of
// files that belong together. What comes later is the editor's program, once somebody has opened the editor; it is kept only
// if it is the one of this version, by its hashes, so that no page is ever made of two versions.
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
    .then(keepsEditor)
    // Whoever had the editor goes on having it; a version without it is a whole one, too.
    .then(function (had) { return had ? keepEditor().catch(function () {}) : undefined; })
    .then(function () { return self.skipWaiting(); }));
});

/** The editor tells that it is used. */
self.addEventListener("message", function (event) {
  if (event.data === "keep editor") event.waitUntil(keepEditor().catch(function () { /* the next visit tries again */ }));
});

/** Is the editor's program kept, of whatever version? */
function keepsEditor() {
  return caches.match(OF_EDITOR[0][0]).then(Boolean);
}

/** All of the editor's program or nothing of it. */
function keepEditor() {
  return caches.open(CACHE).then(function (cache) {
    return cache.match(OF_EDITOR[0][0]).then(function (there) {
      if (there) return undefined;
      return Promise.all(OF_EDITOR.map(function (file) { return ofThisVersion(file[0], file[1]); }))
        .then(function (answers) {
          // The first one is what is asked for whether all are there.
          var puts = answers.map(function (answer, at) { return [OF_EDITOR[at][0], answer]; });
          return Promise.all(puts.slice(1).map(function (put) { return cache.put(put[0], put[1]); }))
            .then(function () { return cache.put(puts[0][0], puts[0][1]); });
        });
    });
  });
}

/** A file, if it is still the one that belongs to this version. */
function ofThisVersion(file, hash) {
  return fetch(file, { cache: "no-cache" }).then(function (answer) {
    if (!answer.ok) throw new Error(file);
    return answer.clone().arrayBuffer()
      .then(function (bytes) { return crypto.subtle.digest("SHA-256", bytes); })
      .then(function (digest) {
        var is = Array.from(new Uint8Array(digest), function (byte) { return byte.toString(16).padStart(2, "0"); }).join("");
        if (is !== hash) throw new Error(file + " is of another version");
        return answer;
      });
  });
}

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
