// For times without a network: the site keeps itself by its service worker, and the editor's program with the first visit here.
// A page in a frame keeps nothing.

/** Tells the service worker, the one at work and any that takes its place, that the editor is used. */
export function keepOffline() {
  if (window.parent !== window) return;
  try {
    const workers = navigator.serviceWorker;
    const tell = () => workers.ready.then(({ active }) => active.postMessage("keep editor"));
    workers.addEventListener("controllerchange", tell);
    workers.register("sw.js").then(tell).catch(() => { /* it works with a network only */ });
  } catch { /* not for this origin */ }
}
