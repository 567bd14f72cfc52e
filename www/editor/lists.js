// The lists beside the text: what is wrong, what was seen, what happened. They draw what they are given and say what was
// clicked.

import { count, say } from "./words.js";
import { seconds } from "./text.js";

/** So many of each are drawn; the rest is counted. */
const MOST = { problems: 50, results: 300, story: 300 };

function made(kind, looks = {}, ...children) {
  const element = document.createElement(kind);
  Object.assign(element, looks);
  element.append(...children.filter((child) => child !== null));
  return element;
}

function link(text, act) {
  const button = made("button", { type: "button", className: "link", textContent: text });
  button.addEventListener("click", act);
  return button;
}

/** `act.goTo(line, column)`, `act.write(problem, word)`. */
export function problems(room, list, found, words, act) {
  room.hidden = found.length === 0;
  const items = found.slice(0, MOST.problems).map((problem) => {
    const { line, column, severity, message } = problem;
    const name = made("b", { textContent: say(words, severity === "error" ? "error" : "remark") });
    const place = link(say(words, "place", { line, column }), () => act.goTo(line, column));
    const fixes = problem.nearest.map((word) => {
      const button = made("button", { type: "button", className: "btn", textContent: say(words, "write", { word }) });
      button.addEventListener("click", () => act.write(problem, word));
      return button;
    });
    const text = made("p", {}, name, " ", place, ": ", message);
    return made("li", { className: severity === "error" ? "error" : "remark" }, text, ...fixes);
  });
  const more = found.length - items.length;
  if (more > 0) items.push(made("li", { className: "more", textContent: say(words, "moreProblems", { n: more }) }));
  list.replaceChildren(...items);
}

/** `act.goTo(line, column)`, `act.seek(seconds)`. */
export function results(list, sees, words, act) {
  if (sees.length === 0) return list.replaceChildren(made("li", { className: "none" }, made("p", { textContent: say(words, "noResults") })));
  const items = sees.slice(0, MOST.results).map((see) => {
    const { line, state, said, atSeconds } = see;
    const sign = made("span", { textContent: { held: "✓", failed: "✗", waits: "○" }[state] });
    const text = made("p", {}, made("b", { textContent: `${stateWord(words, state)} ` }), said ?? "");
    const where = atSeconds === null ? null : link(`${seconds(atSeconds)} s`, () => act.seek(atSeconds, line));
    where?.setAttribute("aria-label", say(words, "goTo", { at: seconds(atSeconds) }));
    return made("li", { className: state }, sign, link(say(words, "line", { line }), () => act.goTo(line, 1)), text, where);
  });
  const more = sees.length - items.length;
  if (more > 0) items.push(made("li", { className: "none" }, made("p", { textContent: say(words, "moreResults", { n: more }) })));
  list.replaceChildren(...items);
}

export function stateWord(words, state) {
  return say(words, { held: "lineHeld", failed: "lineFailed", waits: "lineWaits" }[state]);
}

/** `act.seek(seconds)`. */
export function story(list, told, words, act) {
  if (told.length === 0) return list.replaceChildren(made("li", { className: "none" }, made("p", { textContent: say(words, "noStory") })));
  const items = told.slice(0, MOST.story).map(({ atSeconds, said }) => {
    const where = link(`${seconds(atSeconds)} s`, () => act.seek(atSeconds));
    where.setAttribute("aria-label", say(words, "goTo", { at: seconds(atSeconds) }));
    return made("li", {}, where, made("p", { textContent: said }));
  });
  const more = told.length - items.length;
  if (more > 0) items.push(made("li", { className: "none" }, made("p", { textContent: say(words, "moreStory", { n: more }) })));
  list.replaceChildren(...items);
}

/** How many of each there are: `[[class, key, number]]`. */
export function chips(place, counts, words) {
  const shown = counts.filter(([, , n]) => n > 0);
  place.replaceChildren(...shown.flatMap(([kind, key, n]) => {
    return [made("span", { className: `chip ${kind}`, textContent: count(words, key, n) }), " "];
  }));
}
