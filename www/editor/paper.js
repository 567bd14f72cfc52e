// The sheet that is written on: a plain text field, and behind it the same lines drawn with numbers, colours, underlines
// and what came of them. The field alone holds the text, so the browser's own undo, spelling and reading aloud go on.

import { indexOf, inked, parts, placeOf, underlined } from "./text.js";

/** Lines of a text that is put in as if it were typed. */
const MOST_TYPED = 600;
const SIGNS = { held: "✓", failed: "✗", error: "▲", waits: "○" };

export class Paper {
  /** `gone` hears the number of a line whose sign was clicked. */
  constructor(field, back, gone) {
    this.field = field;
    this.back = back;
    this.drawn = [];
    this.marks = new Map();
    /** Results by line: `{state, note}`, the state one of `held failed waits`; whoever sets them draws. */
    this.notes = new Map();
    back.addEventListener("click", (event) => {
      const row = event.target.closest(".ln");
      if (row && event.target.matches(".sign, .no")) gone([...back.children].indexOf(row) + 1);
    });
    this.draw();
  }

  get text() {
    return this.field.value;
  }

  get lines() {
    return this.field.value.split("\n");
  }

  /** Line and column of the caret. */
  get caret() {
    return placeOf(this.field.value, this.field.selectionEnd);
  }

  /** What stands in the caret's line before it. */
  get before() {
    const before = this.field.value.slice(0, this.field.selectionEnd);
    return before.slice(before.lastIndexOf("\n") + 1);
  }

  /** Puts a text in place of `from..to` as if it had been typed, so that undo takes it back. */
  replace(from, to, text) {
    this.field.focus();
    this.field.setSelectionRange(from, to);
    const done = text === "" ? document.execCommand("delete") : document.execCommand("insertText", false, text);
    if (done || from === to && text === "") return;
    this.field.setRangeText(text, from, to, "end");
    this.field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }

  /** Another text; the caret goes to its beginning. Says whether undo brings the one before back. */
  replaceAll(text, how) {
    const clean = text.replace(/\r\n?/g, "\n");
    // Browsers type in a text line by line, which takes seconds for thousands of them.
    const canUndo = how === "undoable" || clean.split("\n").length <= MOST_TYPED;
    if (canUndo) {
      this.replace(0, this.field.value.length, clean);
    } else {
      this.field.focus();
      this.field.value = clean;
      this.field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }
    this.field.setSelectionRange(0, 0);
    this.field.closest(".paper").scrollTop = 0;
    return canUndo;
  }

  /** What lies at a place of a mistake. */
  wordAt(problem) {
    const from = indexOf(this.lines, problem.line, problem.column);
    return { from, to: from + problem.length };
  }

  /** The caret goes there, and is seen. */
  goTo(line, column) {
    this.field.focus();
    const at = indexOf(this.lines, line, column);
    this.field.setSelectionRange(at, at);
    this.back.children[line - 1]?.scrollIntoView({ block: "nearest" });
  }

  /** Underlines by line: problems as the program tells them. */
  underline(problems) {
    this.marks = grouped(problems, ({ line }) => line);
    this.draw();
  }

  /** Draws before the next frame: some ways of putting in a text tell of each of its lines. */
  drawSoon() {
    if (this.waits) return;
    this.waits = true;
    requestAnimationFrame(() => {
      this.waits = false;
      this.draw();
    });
  }

  /** Draws the lines that are not drawn as they should be. */
  draw() {
    const lines = this.lines;
    const kinds = parts(lines);
    const wanted = lines.map((line, at) => this.row(line, kinds[at], at + 1));
    const same = (a, b) => a !== undefined && b !== undefined && a.key === b.key;
    let top = 0;
    while (top < wanted.length && same(wanted[top], this.drawn[top])) top += 1;
    let end = 0;
    const shorter = Math.min(wanted.length, this.drawn.length) - top;
    while (end < shorter && same(wanted[wanted.length - 1 - end], this.drawn[this.drawn.length - 1 - end])) end += 1;
    const old = [...this.back.children].slice(top, this.drawn.length - end);
    const place = this.back.children[this.drawn.length - end] ?? null;
    old.forEach((row) => row.remove());
    const fresh = document.createDocumentFragment();
    wanted.slice(top, wanted.length - end).forEach((row) => fresh.append(made(row)));
    this.back.insertBefore(fresh, place);
    this.drawn = wanted;
  }

  /** What a line looks like, and a key that says whether that has changed. */
  row(line, part, number) {
    const problems = this.marks.get(number) ?? [];
    const worst = problems.some(({ severity }) => severity === "error") ? "error" : "";
    const result = this.notes.get(number);
    const state = worst || result?.state || "";
    const note = worst ? "" : result?.note ?? "";
    const marks = problems.map((problem) => {
      const from = problem.column - 1;
      const to = from + Math.max(problem.length, 1);
      return { from, to, class: problem.severity === "error" ? "sq" : "sq soft" };
    });
    return { line, part, state, note, marks, key: JSON.stringify([line, part, state, note, marks]) };
  }

  /** Where on the screen a place of a line is: the box of what stands there. */
  boxAt(line, column) {
    this.draw();
    const row = this.back.children[line - 1];
    const text = row?.querySelector(".tx");
    if (!text) return this.field.getBoundingClientRect();
    let left = column - 1;
    const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (left <= node.length) {
        const range = document.createRange();
        range.setStart(node, left);
        range.setEnd(node, left);
        const box = range.getBoundingClientRect();
        if (box.height > 0) return box;
      }
      left -= node.length;
    }
    const box = text.getBoundingClientRect();
    return new DOMRect(box.left, box.top, 0, box.height);
  }
}

/** How wide a note may be beside its line is decided by the style sheet: it is cut, and spelled out in the list below. */
function made({ line, part, state, note, marks }) {
  const row = document.createElement("div");
  row.className = `ln ${state}`.trim();
  const sign = put(row, "sign", SIGNS[state] ?? "");
  sign.dataset.state = state;
  put(row, "no", "");
  const text = put(row, "tx", "");
  underlined(inked(line, part), marks).forEach(({ kind, text: piece }) => put(text, kind, piece));
  if (note) put(row, "note", note);
  return row;
}

function put(parent, kind, text) {
  const element = document.createElement("span");
  if (kind) element.className = kind;
  element.textContent = text;
  parent.append(element);
  return element;
}

export function grouped(list, by) {
  const groups = new Map();
  list.forEach((item) => groups.set(by(item), [...(groups.get(by(item)) ?? []), item]));
  return groups;
}
