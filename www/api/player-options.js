// What the wrappers for Vue and React share: options become attributes, events of the element come back. Attributes are
// set by hand, because the element has methods of the same names as some of them (`step`), which frameworks would
// overwrite.

import "./player.js";

export const EVENTS = [
  "ready", "loaded", "error", "play", "pause", "step", "event", "action", "check", "complete", "height", "state",
];

/** Gives an element these options and takes away those that it had before. */
export function dress(element, options, before = {}) {
  for (const name of Object.keys(before)) {
    if (!isSet(options[name])) element.removeAttribute(name);
  }
  for (const [name, value] of Object.entries(options)) {
    if (!isSet(value)) continue;
    const text = value === true ? "" : String(value);
    if (element.getAttribute(name) !== text) element.setAttribute(name, text);
  }
}

function isSet(value) {
  return value !== undefined && value !== null && value !== false;
}

/** Calls `tell(type, message)` for every event of the element; the function that comes back ends it. */
export function listen(element, tell) {
  const heard = (event) => tell(event.type, event.detail);
  EVENTS.forEach((type) => element.addEventListener(type, heard));
  return () => EVENTS.forEach((type) => element.removeEventListener(type, heard));
}
