// The page of one's own cluster: it hands texts to the program in its worker (editor/engine.js) and shows what comes back.
// Nothing of a text is understood here, and no text leaves the browser.

import { Engine, Overtaken } from "../editor/engine.js";
import { EN, ZH, say } from "./words.js";

/** Milliseconds of rest before what was typed is read. */
const PAUSE = 350;
/** Bytes of one file that are looked at: the program takes half a megabyte. */
const LARGEST = 600 * 1024;
/** The order in which kinds of lines are shown: what is wrong first. */
const KINDS = ["refused", "unreached", "kept", "assumed"];
/** Begun with one of these, the form says the rest. */
const PRESETS = {
  presetOne: { kind: "combined", brokers: 1, controllers: 1, racks: "", properties: "offsets.topic.replication.factor=1\n" },
  presetThree: { kind: "combined", brokers: 3, controllers: 3, racks: "", properties: "" },
  presetProduction: { kind: "apart", brokers: 5, controllers: 3, racks: "a,b,c", properties: "default.replication.factor=3\nmin.insync.replicas=2\nnum.partitions=6\nauto.create.topics.enable=false\n" },
  presetRacks: { kind: "apart", brokers: 4, controllers: 3, racks: "a,b", properties: "default.replication.factor=3\nmin.insync.replicas=2\n" },
};

const element = (id) => document.getElementById(id);
const root = document.documentElement;
const asked = new URLSearchParams(location.search);
const state = { words: EN, files: [], text: "", timer: 0, told: null, doing: ["loading", {}] };
const engine = new Engine((what, why) => {
  const said = { ready: "ready", failed: "failed", broken: "ready" }[what] ?? "loading";
  doing(said, { why });
});

function doing(key, values = {}) {
  state.doing = [key, values];
  element("doing").textContent = say(state.words, key, values);
}

/** An element with a text, and perhaps a class. */
function made(tag, text, className) {
  const node = document.createElement(tag);
  node.textContent = text;
  if (className) node.className = className;
  return node;
}

/** Everything that was given: what is pasted, then files. */
function texts() {
  const pasted = element("paste").value;
  const given = pasted.trim() ? [{ name: "", text: pasted }] : [];
  return [...given, ...state.files];
}

function later() {
  clearTimeout(state.timer);
  state.timer = setTimeout(read, PAUSE);
}

async function read() {
  const given = texts();
  if (given.length === 0) return show(null);
  doing("reading");
  try {
    const told = await engine.askLast("importTexts", given, root.lang, state.words.title, element("neutral").checked);
    doing("ready");
    await show(told);
  } catch (error) {
    if (!(error instanceof Overtaken)) doing("failed", { why: error.message });
  }
}

/** The cluster that the form says, as a text of its own: the program checks it like any other. */
function formText() {
  const value = (id) => element(id).value.trim();
  const lines = ["blumfeld 1", `title: ${state.words.title}`];
  if (value("kind") === "combined") {
    lines.push(`combined: ${value("brokers")}`);
  } else {
    lines.push(`brokers: ${value("brokers")}`, `controllers: ${value("controllers")}`);
  }
  if (value("racks")) lines.push(`racks: ${value("racks")}`);
  if (value("latency")) lines.push(`latency: ${value("latency")}`);
  if (value("seed")) lines.push(`seed: ${value("seed")}`);
  for (const line of value("properties").split("\n").map((line) => line.trim())) {
    if (line && !line.startsWith("#") && !line.startsWith("!")) lines.push(`set: ${line}`);
  }
  return `${lines.join("\n")}\nopen: 8s\n\n@8s see topics is none\n`;
}

async function takeForm() {
  const text = formText();
  const checked = await engine.ask("checkText", text, root.lang);
  const wrong = checked.problems.filter((problem) => problem.severity === "error");
  const shown = wrong.map((problem) => ({ kind: "refused", line: null, said: problem.message }));
  await show({ text: wrong.length > 0 ? null : text, lines: shown, nodes: [] });
}

async function show(told) {
  state.told = told;
  state.text = told?.text ?? "";
  element("none").hidden = told !== null;
  const sum = told?.lines.find((line) => line.kind === "sum");
  element("sum").textContent = sum?.said ?? "";
  element("nodes").replaceChildren(...(told?.nodes ?? []).map(nodeOf));
  element("lists").replaceChildren(...KINDS.flatMap((kind) => list(kind, told?.lines ?? [])));
  element("made").replaceChildren();
  element("text").textContent = state.text;
  element("text-room").hidden = state.text === "";
  element("make").hidden = state.text === "";
  await link();
}

function nodeOf(node) {
  const rack = node.rack ? ` · ${node.rack}` : "";
  return made("li", `${node.name} · ${node.roles}${rack}`);
}

/** A heading and the lines of one kind. */
function list(kind, lines) {
  const own = lines.filter((line) => line.kind === kind);
  if (own.length === 0) return [];
  const room = made("ul", "", `told ${kind}`);
  for (const line of own) {
    const item = document.createElement("li");
    if (line.line !== null) item.append(made("span", say(state.words, "line", { line: line.line }), "no"));
    item.append(line.said);
    room.append(item);
  }
  return [made("h3", state.words[kind]), room];
}

/** Where the run begins, as a link that holds all of it. */
async function link() {
  const [start, write] = [element("start"), element("write")];
  start.hidden = write.hidden = true;
  if (state.text === "") return;
  try {
    const fragment = await engine.ask("textLink", state.text, root.lang);
    start.href = `./?lang=${root.lang}${fragment}`;
    write.href = `editor.html?lang=${root.lang}${fragment}`;
    start.hidden = write.hidden = false;
  } catch (error) {
    if (!(error instanceof Overtaken)) doing("tooLong", { why: error.message });
  }
}

/** Files for a real Kafka, each a link that saves it. */
async function makeFiles() {
  try {
    const files = await engine.ask("exportText", state.text, root.lang);
    element("made").replaceChildren(...files.map(({ name, text }) => {
      const anchor = made("a", name, "btn");
      anchor.download = name;
      anchor.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
      const item = document.createElement("li");
      item.append(anchor);
      return item;
    }));
  } catch (error) {
    if (!(error instanceof Overtaken)) doing("failed", { why: error.message });
  }
}

async function takeFiles(chosen) {
  for (const file of chosen) {
    state.files.push({ name: file.name, text: await file.slice(0, LARGEST).text() });
  }
  listFiles();
  await read();
}

function listFiles() {
  element("file-list").replaceChildren(...state.files.map((file) => {
    const button = made("button", `${file.name} ✕`, "btn");
    button.type = "button";
    button.setAttribute("aria-label", say(state.words, "remove", { name: file.name }));
    button.onclick = () => {
      state.files = state.files.filter((other) => other !== file);
      listFiles();
      read();
    };
    const item = document.createElement("li");
    item.append(button);
    return item;
  }));
}

function fill(preset) {
  for (const [id, value] of Object.entries(preset)) element(id).value = value;
  return takeForm();
}

function speak(lang) {
  root.lang = lang;
  state.words = lang === "zh" ? ZH : EN;
  document.title = `${state.words.page} · Blumfeld`;
  for (const node of document.querySelectorAll("[data-say]")) node.textContent = state.words[node.dataset.say];
  for (const node of document.querySelectorAll("[data-name]")) node.setAttribute("aria-label", state.words[node.dataset.name]);
  element("library").href = lang === "zh" ? "library.zh.html" : "library.html";
  element("brand").href = `./?lang=${lang}`;
  element("presets").replaceChildren(...Object.entries(PRESETS).map(([key, preset]) => {
    const button = made("button", state.words[key], "btn");
    button.type = "button";
    button.onclick = () => fill(preset);
    return button;
  }));
  doing(...state.doing);
}

element("paste").oninput = later;
element("neutral").onchange = read;
element("files").onchange = ({ target }) => takeFiles([...target.files]);
element("form").onsubmit = (event) => {
  event.preventDefault();
  takeForm();
};
element("make").onclick = makeFiles;
element("clear").onclick = () => {
  element("paste").value = "";
  state.files = [];
  listFiles();
  show(null);
};
element("language").onclick = async () => {
  speak(root.lang === "zh" ? "en" : "zh");
  if (texts().length > 0) await read();
  else await show(state.told);
};
element("theme").onclick = () => {
  root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
};
const theme = asked.get("theme") ?? "";
const known = ["light", "dark", "projector", "contrast"].includes(theme);
root.dataset.theme = known ? theme : matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
speak(asked.get("lang") ?? (navigator.language.startsWith("zh") ? "zh" : "en"));
