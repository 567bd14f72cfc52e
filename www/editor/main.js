// The scenario editor: wires the sheet, the program beside it, the lists, the player and the dialogs. What is right, what
// comes of a text and every sentence about it is said by the program (dist/api); this page only shows it.

import { Completion } from "./completion.js";
import { Engine, Overtaken, Unavailable } from "./engine.js";
import { keep, keepBefore, recalled, save, stemOf, whenOthersWrite } from "./keep.js";
import * as lists from "./lists.js";
import { Live } from "./live.js";
import { keepOffline } from "./offline.js";
import { Paper } from "./paper.js";
import { Share } from "./share.js";
import { Start } from "./start.js";
import { header, seconds } from "./text.js";
import { EN, ZH, say } from "./words.js";

/** Milliseconds of rest before the text is checked, kept, and run. */
const PAUSE = { check: 120, keep: 300, run: 700 };
/** Seconds of a run after which the next one waits for its writer, and after which it can be stopped. */
const SLOW = { alone: 3, stop: 1 };

const element = (id) => document.getElementById(id);
const asked = new URLSearchParams(location.search);
const root = document.documentElement;

const state = {
  words: EN,
  name: "experiment",
  /** The lesson or link in the address that the text began from; a reload keeps what was made of it. */
  from: "",
  /** The text at which the program broke off last: it is not asked of it again. */
  broke: null,
  /** The text that is being checked. */
  checking: null,
  /** Of the text as it was checked last. */
  problems: [],
  title: "",
  /** The last run: what it was of, and what came of it. */
  ran: null,
  /** The text that the player shows. */
  played: null,
  doing: ["loading", {}],
  kept: "",
  lastRun: 0,
  caretWaits: false,
};

const paper = new Paper(element("text"), element("back"), (line) => goToResult(line));
const live = new Live(element("player"));
/** Reads and completes while the other one runs. */
const reader = new Engine((what, why) => engineSaid(what, why));
let runner = null;
const completion = new Completion(paper, element("completion"), reader);
const start = new Start(reader, words, (text, name, from) => take(text, name, from));
const share = new Share(reader, words, () => made(paper.text), () => ({ title: title(), lang: root.lang }));
start.refused = (key, values) => tell(key, values, "bad");

/** Those of the page's language. */
function words() {
  return state.words;
}

const timers = {};
function later(name, act) {
  clearTimeout(timers[name]);
  timers[name] = setTimeout(act, PAUSE[name]);
}

function tell(key, values = {}, kind = "") {
  const said = element("said");
  said.hidden = key === null;
  said.className = `said ${kind}`.trim();
  said.textContent = key === null ? "" : say(words(), key, values);
}

function does(key, values = {}) {
  state.doing = [key, values];
  element("doing").textContent = say(words(), key, values);
}

function engineSaid(what, why) {
  if (what === "loading") does("loading");
  if (what === "failed") {
    does("unchecked");
    tell("noEngine", { why }, "bad");
  }
  if (what === "broken") {
    state.broke = state.checking;
    tell("brokeOff", { why }, "bad");
  }
  if (what === "ready") {
    does("ready");
    check();
    keepOffline();
  }
}

const title = () => state.title.replaceAll("`", "") || say(words(), "untitled");

/** Another text takes the place of this one; undo brings it back, and so does "Start from". `from` is what the address
 * names, where the text is that. */
function take(text, name, from = "") {
  const before = paper.text;
  const isKept = before.trim() === "" || keepBefore({ text: before, name: fileName() });
  state.name = stemOf(name);
  state.from = from;
  state.ran = null;
  // Where the browser keeps nothing only undo is left, whatever time it takes.
  const canUndo = paper.replaceAll(text, isKept ? "quickly" : "undoable");
  if (before.trim()) tell(canUndo ? "opened" : "openedLong", { name });
}

function changed() {
  paper.drawSoon();
  caretMoved();
  shownKept("changed");
  showLive();
  later("keep", keepNow);
  later("check", check);
}

function keepNow() {
  clearTimeout(timers.keep);
  shownKept(keep({ text: paper.text, name: state.name, from: state.from }) ? "kept" : "notKept");
}

function shownKept(key) {
  state.kept = key;
  const place = element("kept");
  place.textContent = say(words(), key);
  place.className = key === "notKept" ? "bad" : "";
}

async function check() {
  clearTimeout(timers.check);
  const text = paper.text;
  if (text === state.broke) return;
  state.checking = text;
  try {
    const { problems, title } = await reader.askLast("checkText", text, root.lang);
    if (text !== paper.text) return;
    state.problems = problems;
    state.title = title;
    show();
    if (state.lastRun <= SLOW.alone) later("run", run);
  } catch (error) {
    trouble(error, "brokeOff");
  }
}

/** What could not be done, under a sentence's key. Overtaken questions are no failures. */
function trouble(error, key) {
  if (error instanceof Overtaken) return;
  tell(error instanceof Unavailable ? "noEngine" : key, { why: error.message }, "bad");
}

const errors = () => state.problems.filter(({ severity }) => severity === "error");

/** When each line of the text is; `null` where the text cannot be run. */
async function instants(text) {
  try {
    return await reader.ask("lineTimes", text, root.lang);
  } catch (error) {
    if (error instanceof Overtaken || error instanceof Unavailable) throw error;
    return null;
  }
}

/** Runs the text as it is, and shows what came of each `see` line. What cannot be run is told by its check. */
async function run() {
  clearTimeout(timers.run);
  const text = paper.text;
  if (state.ran?.text === text && state.ran.lang === root.lang) return;
  let patience = 0;
  try {
    const times = await instants(text);
    if (!times) return;
    runner ??= new Engine(runnerSaid);
    if (runner.busy) runner.restart();
    does("running");
    patience = setTimeout(() => { element("stop").hidden = false; }, SLOW.stop * 1000);
    const begun = performance.now();
    const { sees, story, stopped } = await runner.ask("runText", text, root.lang);
    state.lastRun = (performance.now() - begun) / 1000;
    state.ran = { text, lang: root.lang, sees, story, stopped: stopped ?? null };
    const last = Math.max(0, ...times.map(({ atSeconds }) => atSeconds));
    does(state.lastRun > SLOW.alone ? "slow" : "ran", { kafka: Math.round(last), took: state.lastRun.toFixed(2) });
    if (stopped) tell("runStopped", { why: stopped }, "bad");
    show();
  } catch (error) {
    if (!(error instanceof Overtaken)) does("ready");
    trouble(error, "brokeOff");
  } finally {
    clearTimeout(patience);
    if (!runner?.busy) element("stop").hidden = true;
  }
}

function runnerSaid(what, why) {
  if (what === "failed") tell("noEngine", { why }, "bad");
  if (what === "broken") tell("brokeOff", { why }, "bad");
}

/** Results of lines, as far as the text is still the one that ran. */
function seen() {
  const ran = state.ran;
  if (!ran) return [];
  const states = { held: "held", failed: "failed", notRun: "waits" };
  return ran.sees.map(({ line, outcome, said, atSeconds }) => {
    return { line, state: states[outcome], said, atSeconds: atSeconds ?? null };
  });
}

function show() {
  const sees = seen();
  const isCurrent = state.ran?.text === paper.text;
  paper.marks = new Map();
  paper.notes = new Map(isCurrent ? sees.map((see) => [see.line, { state: see.state, note: noteOf(see) }]) : []);
  paper.underline(state.problems);
  lists.problems(element("problems-room"), element("problems"), state.problems, words(), {
    goTo: (line, column) => paper.goTo(line, column),
    write: (problem, word) => {
      const { from, to } = paper.wordAt(problem);
      paper.replace(from, to, word);
    },
  });
  const act = { goTo: (line, column) => paper.goTo(line, column), seek: (at, line) => seek(at, line) };
  lists.results(element("results"), sees, words(), act);
  lists.story(element("story"), state.ran?.story ?? [], words(), act);
  element("results-old").textContent = state.ran && !isCurrent ? say(words(), "resultsOld") : "";
  const of = (wanted) => (isCurrent ? sees.filter((see) => see.state === wanted).length : 0);
  const remarks = state.problems.length - errors().length;
  lists.chips(element("chips"), [
    ["ok", "held", of("held")], ["bad", "failed", of("failed")], ["bad", "errors", errors().length],
    ["warn", "remarks", remarks], ["", "waiting", of("waits")],
  ], words());
  element("title").textContent = title();
  document.title = `${title()} · Blumfeld`;
}

/** Beside its line a failure is told in full, as far as there is room. */
function noteOf({ state, said }) {
  return state === "failed" && said ? said : lists.stateWord(words(), state);
}

/** The link of a text: all of it where a link holds that, else its run. */
async function made(text) {
  try {
    return { fragment: fragment(await reader.ask("textLink", text, root.lang)), whole: true };
  } catch (error) {
    if (error instanceof Overtaken || error instanceof Unavailable) throw error;
    return { fragment: fragment(await reader.ask("runLink", text, root.lang)), whole: false };
  }
}

function fragment(link) {
  return `#${link.slice(link.indexOf("#") + 1)}`;
}

/** Lets the player play the text, from an instant or from its beginning. */
async function play(from, line) {
  tell(null);
  const text = paper.text;
  check();
  try {
    if (!(await instants(text))) {
      tell("blocked", {}, "bad");
      element("problems").querySelector("button")?.focus();
      return;
    }
    run();
    const { fragment } = await made(text);
    state.played = { text, from, line };
    showLive();
    element("full").href = `./?lang=${root.lang}&theme=${root.dataset.theme}${fragment}`;
    element("full").hidden = false;
    await live.show(fragment, from);
  } catch (error) {
    trouble(error, "noPlayer");
  }
}

/** From the instant of the caret's line, or of the last line above it that has one. */
async function playHere() {
  const { line } = paper.caret;
  const times = await instants(paper.text).catch(() => null);
  const above = times?.filter((time) => time.line <= line).pop();
  if (times && !above) return tell("noInstant", {}, "bad");
  await play(above?.atSeconds ?? 0, above?.line ?? 0);
}

/** The player goes to an instant; it is given the text first where it does not show it. */
async function seek(at, line) {
  try {
    if (state.played?.text !== paper.text) {
      const { fragment } = await made(paper.text);
      state.played = { text: paper.text, from: at, line };
      await live.show(fragment, null);
    }
    await live.seek(at);
    showLive();
  } catch (error) {
    trouble(error, "noPlayer");
  }
}

function goToResult(line) {
  const see = state.ran?.text === paper.text && seen().find((see) => see.line === line);
  if (see && see.atSeconds !== null) seek(see.atSeconds, line);
  else paper.goTo(line, 1);
}

function showLive() {
  const place = element("live-says");
  const { played } = state;
  const old = played !== null && played.text !== paper.text;
  place.className = old ? "old" : "muted";
  if (!played) place.textContent = say(words(), "liveNone");
  else if (old) place.textContent = say(words(), "liveOld");
  else if (!played.line) place.textContent = say(words(), "liveStart");
  else place.textContent = say(words(), "liveFrom", { at: seconds(played.from), line: played.line });
}

/** Before the next frame, because a text's lines may each tell of it. */
function caretMoved() {
  if (state.caretWaits) return;
  state.caretWaits = true;
  requestAnimationFrame(() => {
    state.caretWaits = false;
    element("place").textContent = say(words(), "caret", paper.caret);
  });
}

function fileName() {
  return `${stemOf(header(paper.lines, "id") || state.name)}.blumfeld`;
}

function saveFile() {
  save(fileName(), paper.text);
  tell("saved", { name: fileName() });
}

/** All words of the page in a language. */
function speak(lang) {
  root.lang = lang;
  state.words = lang === "zh" ? ZH : EN;
  document.querySelectorAll("[data-say]").forEach((place) => { place.textContent = say(words(), place.dataset.say); });
  document.querySelectorAll("[data-name]").forEach((place) => { place.setAttribute("aria-label", say(words(), place.dataset.name)); });
  element("language").lang = lang === "zh" ? "en" : "zh";
  element("theme").title = say(words(), "theme");
  shownKept(state.kept || "kept");
  does(...state.doing);
  tell(null);
  caretMoved();
  showLive();
  show();
  carry();
}

/** Every way to another page keeps the language and the theme that are seen. */
function carry() {
  const { lang, dataset } = root;
  element("brand").href = `./?lang=${lang}&theme=${dataset.theme}`;
  element("library").href = `${lang === "zh" ? "library.zh.html" : "library.html"}?theme=${dataset.theme}`;
  live.dressed(lang, dataset.theme);
}

function begin() {
  const theme = (asked.get("theme") ?? "").toLowerCase();
  const known = ["light", "dark", "projector", "contrast"].includes(theme);
  root.dataset.theme = known ? theme : matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  const before = recalled();
  if (before) {
    state.name = before.name || state.name;
    state.from = before.from || "";
    paper.field.value = before.text;
  }
  paper.draw();
  speak(/^zh/i.test(asked.get("lang") ?? navigator.language) ? "zh" : "en");
  openAddress(before);
}

/** A link in the address, a lesson by its name, or the blank run where there is nothing yet. */
async function openAddress(before) {
  const lesson = (asked.get("s") ?? "").toLowerCase();
  const link = location.hash;
  if (link.length > 1) return before?.from === link ? undefined : start.link(link, link);
  if (lesson && before?.from !== lesson && /^[a-z0-9-]+$/.test(lesson)) {
    return start.fetched(`editor/lessons/${lesson}.txt`, lesson, lesson);
  }
  if (!before) await start.fetched("editor/templates/blank.txt", "experiment");
}

function keys(event) {
  if (event.isComposing || !(event.ctrlKey || event.metaKey)) return;
  if (event.key === "Enter") {
    event.preventDefault();
    if (event.shiftKey) playHere();
    else play(0, 0);
  } else if (event.key.toLowerCase() === "s" && !event.shiftKey) {
    event.preventDefault();
    saveFile();
  }
}

paper.field.addEventListener("input", changed);
document.addEventListener("selectionchange", caretMoved);
document.addEventListener("keydown", keys);
window.addEventListener("pagehide", keepNow);
whenOthersWrite(() => tell("otherTab"));
element("run").addEventListener("click", () => play(0, 0));
element("run-here").addEventListener("click", playHere);
element("save").addEventListener("click", saveFile);
element("stop").addEventListener("click", () => {
  runner?.restart();
  element("stop").hidden = true;
  does("stopped");
});
element("words").addEventListener("click", () => {
  paper.field.focus();
  completion.ask("asked");
});
element("theme").addEventListener("click", () => {
  root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
  carry();
});
element("language").addEventListener("click", () => {
  speak(root.lang === "zh" ? "en" : "zh");
  check();
});
document.querySelectorAll("dialog [value=close]").forEach((button) => {
  button.addEventListener("click", () => button.closest("dialog").close());
});
document.querySelector(".paper").addEventListener("dragover", (event) => event.preventDefault());
document.querySelector(".paper").addEventListener("drop", (event) => {
  const [file] = event.dataTransfer?.files ?? [];
  if (!file) return;
  event.preventDefault();
  start.file(file);
});
begin();
