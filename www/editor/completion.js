// The list of what may stand at the caret. It belongs to the text field (the focus stays there): arrows choose, Enter or
// Tab takes, Escape closes. What is listed comes from the program.

import { stem, typed } from "./text.js";

/** More than these nobody reads; typing on narrows them. */
const MOST = 60;

export class Completion {
  constructor(paper, list, engine) {
    Object.assign(this, { paper, list, engine, items: [], chosen: 0 });
    const field = paper.field;
    field.addEventListener("keydown", (event) => this.key(event));
    field.addEventListener("input", (event) => {
      if (event.inputType === "insertText" && event.data?.length === 1 && !event.isComposing && stem(paper.before)) this.ask("typing");
      else this.close();
    });
    field.addEventListener("blur", () => this.close());
    field.addEventListener("click", () => this.close());
    list.addEventListener("mousedown", (event) => {
      // The field keeps the focus.
      event.preventDefault();
      const item = event.target.closest("[role=option]");
      if (item) this.take(Number(item.dataset.at));
    });
  }

  get isOpen() {
    return !this.list.hidden;
  }

  /** `why` is `typing` or `asked`: whoever asked sees everything that may stand there. */
  async ask(why) {
    const { paper } = this;
    const { line, column } = paper.caret;
    const text = paper.text;
    const found = await this.engine.askLast("completeText", text, line, column, document.documentElement.lang).catch(() => null);
    if (!found || paper.text !== text || document.activeElement !== paper.field) return;
    const before = paper.before;
    const begun = ({ text }) => text.toLowerCase().startsWith(typed(before, text).toLowerCase());
    const fits = found.filter(begun);
    const open = (fits.length > 0 || why === "typing" ? fits : found).slice(0, MOST);
    const isDone = open.length === 1 && before.endsWith(open[0].text.trimEnd());
    if (open.length === 0 || (why === "typing" && isDone)) return this.close();
    this.show(open);
  }

  show(items) {
    this.items = items;
    this.list.replaceChildren(...items.map((item, at) => {
      const option = document.createElement("li");
      option.id = `completion-${at}`;
      option.dataset.at = String(at);
      option.setAttribute("role", "option");
      const word = document.createElement("b");
      word.textContent = item.text.trim();
      const hint = document.createElement("span");
      hint.textContent = item.hint || "";
      option.append(word, " ", hint);
      return option;
    }));
    this.list.hidden = false;
    this.place();
    this.choose(0);
  }

  /** Below the caret, or above it where there is no room. */
  place() {
    const { line, column } = this.paper.caret;
    const box = this.paper.boxAt(line, column);
    const { width, height } = this.list.getBoundingClientRect();
    const left = Math.max(8, Math.min(box.left, innerWidth - width - 8));
    const below = box.bottom + 4;
    const top = below + height > innerHeight && box.top - height - 4 > 0 ? box.top - height - 4 : below;
    this.list.style.setProperty("left", `${left}px`);
    this.list.style.setProperty("top", `${Math.max(8, top)}px`);
  }

  choose(at) {
    this.chosen = (at + this.items.length) % this.items.length;
    [...this.list.children].forEach((option, number) => {
      option.setAttribute("aria-selected", String(number === this.chosen));
    });
    const option = this.list.children[this.chosen];
    option.scrollIntoView({ block: "nearest" });
    this.paper.field.setAttribute("aria-activedescendant", option.id);
  }

  take(at) {
    const { text } = this.items[at];
    const { field, before } = this.paper;
    const end = field.selectionEnd;
    this.close();
    this.paper.replace(end - typed(before, text).length, end, text);
  }

  close() {
    this.list.hidden = true;
    this.items = [];
    this.paper.field.removeAttribute("aria-activedescendant");
  }

  key(event) {
    if (event.isComposing) return;
    if (event.key === " " && event.ctrlKey) {
      event.preventDefault();
      return this.ask("asked");
    }
    if (!this.isOpen) return;
    const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
    if (event.key in moves) {
      event.preventDefault();
      return this.choose(this.chosen + moves[event.key]);
    }
    const takes = (event.key === "Enter" || event.key === "Tab") && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (takes) {
      event.preventDefault();
      return this.take(this.chosen);
    }
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      return this.close();
    }
    if (/^(Arrow|Home|End)/.test(event.key)) this.close();
  }
}
