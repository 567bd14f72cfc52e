// Blumfeld for scripts: a Kafka cluster as a value, without a page. Types and what each call does: index.d.ts; more in
// docs/api.md. The engine is WebAssembly in engine/; it is fetched when `init` asks for it, and by nothing else.

import start, * as engine from "./engine/blumfeld_js.js";

const MODULE = new URL("./engine/blumfeld_js_bg.wasm", import.meta.url);

let begun;
let there = false;

/** Loads the engine, once. In a browser by URL, under Node from the file beside it, or from what is given. */
export function init(source) {
  begun ??= load(source).catch((error) => {
    // It may work the next time.
    begun = undefined;
    throw error;
  });
  return begun;
}

async function load(source) {
  await start({ module_or_path: await bytes(source ?? MODULE) });
  there = true;
}

/** Node's fetch takes no files. */
async function bytes(source) {
  const isText = typeof source === "string";
  const isFile = (source instanceof URL && source.protocol === "file:") || (isText && source.startsWith("file:"));
  if (!isFile || typeof process === "undefined" || !process.versions?.node) return source;
  const { readFile } = await import(/* @vite-ignore */ /* webpackIgnore: true */ "node:fs/promises");
  return readFile(isText ? new URL(source) : source);
}

function needed() {
  if (there) return;
  const error = new Error("The engine is not there yet: await init() first.");
  error.name = "not-ready";
  throw error;
}

export class Cluster extends engine.Cluster {
  /** Calls under way that may tell listeners: a listener may make another one. */
  #calls = 0;
  #over = false;

  constructor(options) {
    needed();
    super(options);
  }

  act(line) {
    return this.#telling(() => super.act(line));
  }

  step() {
    return this.#telling(() => super.step());
  }

  playTo(at) {
    this.#telling(() => super.playTo(at));
  }

  /** In a listener the engine is still at work: nobody is told anything more, and its memory goes when the call is over. */
  free() {
    if (this.#calls === 0) {
      super.free();
    } else if (!this.#over) {
      this.#over = true;
      super.__end();
    }
  }

  #telling(call) {
    this.#calls += 1;
    try {
      return call();
    } finally {
      this.#calls -= 1;
      if (this.#over && this.#calls === 0) super.free();
    }
  }
}
// `using cluster = …` frees it in the same way.
if (Symbol.dispose) Cluster.prototype[Symbol.dispose] = Cluster.prototype.free;

export function checkText(text, lang) {
  needed();
  return engine.checkText(text, lang);
}

export function completeText(text, line, column, lang) {
  needed();
  return engine.completeText(text, line, column, lang);
}

export function runText(text, lang, choices) {
  needed();
  return engine.runText(text, lang, choices);
}

export function lineTimes(text, lang) {
  needed();
  return engine.lineTimes(text, lang);
}

export function runLink(text, lang) {
  needed();
  return engine.runLink(text, lang);
}

export function textLink(text, lang) {
  needed();
  return engine.textLink(text, lang);
}

export function linkText(link, lang, title) {
  needed();
  return engine.linkText(link, lang, title);
}

export function snippets(link, title, lang, height) {
  needed();
  return engine.snippets(link, title, lang, height);
}

export function importTexts(texts, lang, title, neutral, answers) {
  needed();
  return engine.importTexts(texts, lang, title, neutral, answers);
}

export function standingNodes(text, lang) {
  needed();
  return engine.standingNodes(text, lang);
}

export function exportText(text, lang, given, neutral) {
  needed();
  return engine.exportText(text, lang, given, neutral);
}

/** The library's version. */
export function version() {
  needed();
  return engine.version();
}
