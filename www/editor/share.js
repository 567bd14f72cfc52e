// "Copy link" and "Embed": the link is made by the program, and so are the lines for each kind of page, from the same
// table that the stage's own Share uses.

import { say } from "./words.js";

const element = (id) => document.getElementById(id);

export class Share {
  /** `made()` promises `{fragment, whole}` of the text at hand; `about()` says `{title, lang}`. */
  constructor(engine, words, made, about) {
    Object.assign(this, { engine, words, made, about, shown: null });
    this.dialog = element("share-dialog");
    element("copy-link").addEventListener("click", () => this.open("link"));
    element("embed").addEventListener("click", () => this.open("embed"));
    element("host").addEventListener("change", () => this.fill());
    element("height").addEventListener("change", () => this.fill());
    element("copy").addEventListener("click", () => this.copy());
  }

  async open(kind) {
    const words = this.words();
    this.kind = kind;
    element("share-title").textContent = say(words, kind === "link" ? "copyTitle" : "embedTitle");
    element("share-choices").hidden = kind === "link";
    element("share-text").setAttribute("aria-label", say(words, kind === "link" ? "linkText" : "embedText"));
    element("share-text").value = "";
    element("share-said").textContent = "";
    element("copy").disabled = true;
    try {
      this.shown = await this.made();
      await this.fill();
      element("share-says").textContent = `${say(words, this.shown.whole ? "linkWhole" : "linkRun")} ${say(words, "letters", { n: this.link.length })}`;
      element("copy").disabled = false;
    } catch (error) {
      element("share-says").textContent = say(words, "linkFailed", { why: error.message });
    }
    this.dialog.showModal();
    if (kind === "link" && !element("copy").disabled) await this.copy();
  }

  /** The page's own address with the experiment, without options. */
  get link() {
    return new URL(`./${this.shown.fragment}`, location.href.split(/[?#]/)[0]).href;
  }

  async fill() {
    element("share-said").textContent = "";
    if (this.kind === "link") {
      element("share-text").value = `${this.link.replace("#", `?lang=${this.about().lang}#`)}`;
      return;
    }
    const height = Number(element("height").value) || 560;
    const { title, lang } = this.about();
    const { hosts, heights } = await this.engine.ask("snippets", this.link, title, lang, height);
    const host = element("host").value || hosts[0].name;
    options(element("host"), hosts.map(({ name }) => name), host);
    options(element("height"), heights.map(String), String(height));
    element("share-text").value = hosts.find(({ name }) => name === host).text;
  }

  /** "Copied" is said only when it was. */
  async copy() {
    const field = element("share-text");
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      element("share-said").textContent = say(this.words(), "copied");
    } catch (_) {
      field.focus();
      field.select();
      element("share-said").textContent = say(this.words(), "copyByHand");
    }
  }
}

function options(select, values, chosen) {
  if (select.children.length !== values.length) {
    select.replaceChildren(...values.map((value) => new Option(value, value)));
  }
  select.value = chosen;
}
