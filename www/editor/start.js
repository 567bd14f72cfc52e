// "Start from": blank texts, the library's lessons, a file, a link. Each gives a text, or a sentence why not; the text at
// hand is replaced only by one that is there.

import { fragmentOf, opened, recalledBefore } from "./keep.js";
import { Missing } from "./engine.js";
import { say } from "./words.js";

const element = (id) => document.getElementById(id);

export class Start {
  /** `take(text, name, from)` puts a text on the sheet, which the address names as `from`; `words()` are those of the page's language. */
  constructor(engine, words, take) {
    Object.assign(this, { engine, words, take, lessons: null });
    this.dialog = element("start-dialog");
    element("start").addEventListener("click", () => this.open());
    element("start-blank").addEventListener("click", () => this.fetched("editor/templates/blank.txt", "experiment"));
    element("start-lesson").addEventListener("click", () => this.fetched("editor/templates/lesson.txt", "lesson"));
    element("start-before").addEventListener("click", () => {
      const before = recalledBefore();
      if (before) this.takes(before.text, before.name);
    });
    element("file").addEventListener("change", (event) => {
      const [file] = event.target.files;
      if (file) this.file(file);
      // The same file may be chosen again.
      event.target.value = "";
    });
    element("link-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.link(element("link").value);
    });
    element("lesson-search").addEventListener("input", () => this.list());
  }

  open() {
    this.tell(null);
    const before = recalledBefore();
    element("start-before").hidden = before === null;
    element("start-before-says").textContent = before?.name ?? "";
    this.dialog.showModal();
    this.load();
  }

  tell(key, values) {
    const said = element("start-said");
    said.hidden = key === null;
    said.textContent = key === null ? "" : say(this.words(), key, values);
    if (key !== null) said.scrollIntoView({ block: "nearest" });
  }

  takes(text, name, from) {
    this.dialog.close();
    this.take(text, name, from);
  }

  async fetched(address, name, from) {
    try {
      const answer = await fetch(address);
      if (!answer.ok) throw new Error(String(answer.status));
      this.takes(await answer.text(), name, from);
      return true;
    } catch (_) {
      this.refuse("notFetched", { name });
      return false;
    }
  }

  /** In the dialog where it is open, else over the text. */
  refuse(key, values) {
    if (this.dialog.open) this.tell(key, values);
    else this.refused?.(key, values);
  }

  async file(file) {
    const { text, wrong, values } = await opened(file);
    if (wrong) return this.refuse(wrong, values);
    // A file may hold a link alone.
    if (!/\s/.test(text.trim()) && fragmentOf(text)) return this.link(text);
    this.takes(text, file.name);
  }

  async link(pasted, from) {
    const fragment = fragmentOf(pasted);
    if (!fragment) return this.refuse("linkForeign");
    try {
      const { lang } = document.documentElement;
      const text = await this.engine.ask("linkText", fragment, lang, say(this.words(), "untitled"));
      this.takes(text, "link", from);
    } catch (error) {
      if (error instanceof Missing) this.refuse("linkUnknown");
      else this.refuse("linkBad", { why: error.message });
    }
  }

  async load() {
    try {
      this.lessons ??= await (await fetch("editor/lessons.json")).json();
      this.list();
    } catch (_) {
      this.refuse("notFetched", { name: say(this.words(), "startLessons") });
    }
  }

  /** The lessons that fit what is searched. */
  list() {
    const wanted = element("lesson-search").value.toLowerCase().split(/\s+/).filter(Boolean);
    const language = document.documentElement.lang;
    const fitting = (this.lessons ?? []).filter(({ id, en, zh }) => {
      const all = `${id} ${en} ${zh}`.toLowerCase();
      return wanted.every((word) => all.includes(word));
    });
    element("lessons").replaceChildren(...fitting.map(({ id, ...titles }) => {
      const item = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.className = "link";
      button.textContent = titles[language].replaceAll("`", "");
      const name = document.createElement("span");
      name.textContent = ` ${id}`;
      button.append(name);
      button.addEventListener("click", () => this.fetched(`editor/lessons/${id}.txt`, id));
      item.append(button);
      return item;
    }));
  }
}
