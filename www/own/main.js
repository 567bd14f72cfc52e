// The page of one's own cluster: it hands texts to the program in its worker (editor/engine.js) and shows what comes back.
// Nothing of a text is understood here, and no text leaves the browser.

import { Engine, Overtaken } from "../editor/engine.js";
import { EN, ZH, say } from "./words.js";

/** Milliseconds of rest before what was typed is read. */
const PAUSE = 350;
/** Bytes of one file that are looked at: the program takes half a megabyte. */
const LARGEST = 600 * 1024;
/** Copies that a card lists. */
const MOST_COPIES = 8;
/** Where controllers of their own are numbered from. */
const FIRST_CONTROLLER = 101;
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
const state = {
  words: EN,
  files: [],
  text: "",
  timer: 0,
  told: null,
  doing: ["loading", {}],
  /** Said instead of what was assumed. */
  answers: [],
  /** What each node's file says in the form; `""`: that of all. */
  properties: { "": "" },
  /** Files of nodes as they were given: they go out as they came in. */
  given: [],
  /** Were files of this run asked for? */
  made: false,
  /** What is done again when the language changes. */
  again: read,
};
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
  state.again = read;
  state.given = element("neutral").checked ? [] : given;
  if (given.length === 0) return show(null);
  doing("reading");
  try {
    const told = await engine.askLast("importTexts", given, root.lang, state.words.title, element("neutral").checked, state.answers);
    doing("ready");
    await show(told);
  } catch (error) {
    if (!(error instanceof Overtaken)) doing("failed", { why: error.message });
  }
}

const value = (id) => element(id).value.trim();

/** Nodes that the form says, by number. */
function formNodes() {
  const numbers = (count, from) => Array.from({ length: Math.min(Math.max(0, Number(count) || 0), 60) }, (_, index) => from + index);
  const racks = value("racks").split(",").map((rack) => rack.trim());
  const roles = value("kind") === "combined" ? "broker,controller" : "broker";
  const ids = numbers(value("brokers"), 1);
  // As `racks:` of a text deals them out: the first brokers to the first rack.
  const each = Math.max(1, Math.ceil(ids.length / racks.length));
  const brokers = ids.map((id, index) => ({ id, roles, rack: racks[Math.floor(index / each)] ?? "" }));
  if (roles !== "broker") return brokers;
  return [...brokers, ...numbers(value("controllers"), FIRST_CONTROLLER).map((id) => ({ id, roles: "controller", rack: "" }))];
}

/** A `server.properties` for each node: what all have, then what is its own. Comments and unknown lines go with it. */
function formFiles() {
  keepProperties();
  return formNodes().map(({ id, roles, rack }) => {
    const own = [`node.id=${id}`, `process.roles=${roles}`, ...(rack ? [`broker.rack=${rack}`] : [])];
    return { name: `server-${id}.properties`, text: [...own, state.properties[""], state.properties[id] ?? ""].join("\n") };
  });
}

/** Links that the form gives another delay, as commands. */
function formLinks() {
  const links = value("links").split(",").map((link) => link.trim()).filter(Boolean);
  return links.map((link) => {
    const parts = /^([\w.]+)\s*-\s*([\w.]+)\s+(\w+)$/.exec(link);
    if (!parts) throw new Error(say(state.words, "linksWrong", { what: link }));
    return `@0s delay ${parts[1]} ${parts[2]} ${parts[3]}`;
  });
}

/** The same run with what the form says of time and chance. */
function headed(text) {
  const [first, ...rest] = text.split("\n");
  const heads = [value("latency") && `latency: ${value("latency")}`, value("seed") && `seed: ${value("seed")}`].filter(Boolean);
  const lines = rest.filter((line) => !heads.some((head) => line.startsWith(head.split(" ")[0])));
  const opens = lines.findIndex((line) => line.startsWith("@"));
  const at = opens < 0 ? lines.length : opens;
  return [first, ...heads, ...lines.slice(0, at), ...formLinks(), ...lines.slice(at)].join("\n");
}

/** What the field says belongs to the node that was chosen. */
function keepProperties() {
  state.properties[element("node").dataset.shown ?? ""] = element("properties").value;
}

function listNodes() {
  element("controllers").disabled = value("kind") === "combined";
  const chosen = element("node").dataset.shown ?? "";
  const option = (id, words) => Object.assign(made("option", words), { value: id });
  const nodes = formNodes().map(({ id, roles }) => option(String(id), nameOf({ name: id, roles })));
  element("node").replaceChildren(option("", state.words.allNodes), ...nodes);
  element("node").value = nodes.some((node) => node.value === chosen) ? chosen : "";
  showProperties();
}

function showProperties() {
  keepProperties();
  const chosen = element("node").value;
  element("node").dataset.shown = chosen;
  element("properties").value = state.properties[chosen] ?? "";
}

/** The cluster that the form says, as a text of its own: the program checks it like any other. */
function formText() {
  const lines = ["blumfeld 1", `title: ${state.words.title}`];
  if (value("kind") === "combined") {
    lines.push(`combined: ${value("brokers")}`);
  } else {
    lines.push(`brokers: ${value("brokers")}`, `controllers: ${value("controllers")}`);
  }
  if (value("racks")) lines.push(`racks: ${value("racks")}`);
  if (value("latency")) lines.push(`latency: ${value("latency")}`);
  if (value("seed")) lines.push(`seed: ${value("seed")}`);
  for (const line of state.properties[""].split("\n").map((line) => line.trim())) {
    if (line && !line.startsWith("#") && !line.startsWith("!")) lines.push(`set: ${line}`);
  }
  return `${lines.join("\n")}\nopen: 8s\n\n${formLinks().map((line) => `${line}\n`).join("")}@8s see topics is none\n`;
}

async function takeForm() {
  state.again = takeForm;
  state.given = [];
  keepProperties();
  const refused = (said) => show({ text: null, lines: [{ kind: "refused", line: null, said, offers: [] }], nodes: [] });
  try {
    formLinks();
  } catch (error) {
    return refused(error.message);
  }
  if (Object.entries(state.properties).some(([node, file]) => node !== "" && file.trim())) return takeNodeFiles();
  const text = formText();
  const checked = await engine.ask("checkText", text, root.lang);
  const wrong = checked.problems.filter((problem) => problem.severity === "error");
  const shown = wrong.map((problem) => ({ kind: "refused", line: null, said: problem.message, offers: [] }));
  const nodes = wrong.length > 0 ? [] : await engine.ask("standingNodes", text, root.lang);
  await show({ text: wrong.length > 0 ? null : text, lines: shown, nodes });
}

/** Nodes with files of their own are read like anybody's files: comments and what is not known are kept and told. */
async function takeNodeFiles() {
  doing("reading");
  state.given = formFiles();
  try {
    const told = await engine.askLast("importTexts", state.given, root.lang, state.words.title, false, []);
    doing("ready");
    await show({ ...told, text: told.text && headed(told.text) });
  } catch (error) {
    if (!(error instanceof Overtaken)) doing("failed", { why: error.message });
  }
}

async function show(told) {
  state.told = told;
  state.text = told?.text ?? "";
  element("none").hidden = told !== null;
  const sum = told?.lines.find((line) => line.kind === "sum");
  element("sum").textContent = sum?.said ?? "";
  element("nodes").replaceChildren(...(told?.nodes ?? []).map(nodeOf));
  element("lists").replaceChildren(...KINDS.flatMap((kind) => list(kind, told?.lines ?? [])));
  state.made = false;
  element("made").replaceChildren();
  element("text").textContent = state.text;
  element("text-room").hidden = state.text === "";
  element("make").hidden = element("neutral-out-room").hidden = state.text === "";
  await link();
}

function nameOf({ name, roles }) {
  const key = { broker: "broker", controller: "controller" }[roles] ?? "both";
  return say(state.words, key, { name });
}

/** A node as it will stand: who it is, and its copies. */
function nodeOf(node) {
  const card = made("li", "", node.up ? "" : "down");
  const head = made("p", nameOf(node), "head");
  if (node.rack) head.append(made("span", say(state.words, "rack", { rack: node.rack }), "muted"));
  const led = node.copies.filter((copy) => copy.leads).length;
  const does = node.up ? led > 0 && say(state.words, "leads", { count: led, all: node.copies.length }) : state.words.stopped;
  if (does && state.text !== "") head.append(made("span", does, node.up ? "muted" : "bad"));
  card.append(head, ...node.copies.slice(0, MOST_COPIES).map(copyOf));
  const more = node.copies.length - MOST_COPIES;
  if (more > 0) card.append(made("p", say(state.words, "more", { count: more }), "muted"));
  return card;
}

function copyOf(copy) {
  const row = made("p", "", copy.leads ? "copy leads" : "copy");
  row.append(made("span", copy.partition, "name"), made("b", copy.leads ? "L" : "F", copy.inSync ? "badge" : "badge out"));
  if (copy.leads) {
    const out = copy.replicas.filter((id) => !copy.isr.includes(id));
    row.append(...copy.isr.map((id) => made("i", id, "in")), ...out.map((id) => made("i", id, "out")));
    row.setAttribute("aria-label", `${copy.partition}: ${say(state.words, "isr", { isr: copy.isr.join(", "), out: out.join(", ") || "–" })}`);
    row.setAttribute("role", "img");
  } else {
    row.append(made("span", state.words[copy.inSync ? "inSync" : "outOfSync"], copy.inSync ? "in-sync" : "out-of-sync"));
  }
  return row;
}

/** A heading and the lines of one kind. */
function list(kind, lines) {
  const own = lines.filter((line) => line.kind === kind);
  if (own.length === 0) return [];
  const room = made("ul", "", `told ${kind}`);
  for (const line of own) {
    const item = document.createElement("li");
    if (line.line !== null) item.append(made("span", say(state.words, "line", { line: line.line }), "no"));
    item.append(line.said, ...line.offers.map((offer) => offerOf(offer, line)));
    room.append(item);
  }
  return [made("h3", state.words[kind]), room];
}

/** A button that says something else than what was assumed, or takes that back. */
function offerOf({ said, answer }, line) {
  const button = made("button", said, "btn");
  button.type = "button";
  button.setAttribute("aria-label", `${said}: ${line.said}`);
  button.onclick = () => {
    const is = state.answers.includes(answer);
    // The button goes with its line: whoever used the keyboard stands at the report then.
    element("report-title").focus();
    state.answers = is ? state.answers.filter((other) => other !== answer) : [...state.answers, answer];
    return read();
  };
  return button;
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
  state.made = true;
  element("made").replaceChildren();
  try {
    const files = await engine.ask("exportText", state.text, root.lang, state.given, element("neutral-out").checked);
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
      element("files").focus();
      read();
    };
    const item = document.createElement("li");
    item.append(button);
    return item;
  }));
}

function fill(preset) {
  element("node").dataset.shown = element("node").value = "";
  for (const [id, value] of Object.entries(preset)) element(id).value = value;
  state.properties = { "": preset.properties };
  listNodes();
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
  listNodes();
  doing(...state.doing);
}

element("paste").oninput = later;
element("neutral").onchange = read;
element("files").onchange = ({ target }) => takeFiles([...target.files]);
element("form").onsubmit = (event) => {
  event.preventDefault();
  takeForm();
};
element("node").onchange = showProperties;
for (const id of ["kind", "brokers", "controllers"]) element(id).onchange = listNodes;
element("make").onclick = makeFiles;
// Files that were made say something else then: they are made again.
element("neutral-out").onchange = () => state.made && makeFiles();
element("clear").onclick = () => {
  element("paste").value = "";
  state.files = [];
  state.answers = [];
  listFiles();
  show(null);
};
element("language").onclick = async () => {
  speak(root.lang === "zh" ? "en" : "zh");
  if (state.told === null) await show(null);
  else await state.again();
};
element("theme").onclick = () => {
  root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
};
const theme = asked.get("theme") ?? "";
const known = ["light", "dark", "projector", "contrast"].includes(theme);
root.dataset.theme = known ? theme : matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
speak((asked.get("lang") ?? navigator.language).startsWith("zh") ? "zh" : "en");
