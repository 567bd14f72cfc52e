// The real page in a frame, which plays what the text says. It is told by the player's own messages, and this file knows
// no more of it than any host does.

import { nanos } from "./text.js";

/** Pixels; the frame is wide enough for one partition at a time, and high enough for its headline. */
const HEIGHT = "520";

export class Live {
  constructor(room) {
    this.room = room;
    this.player = null;
    this.dress = {};
    /** The fragment that it shows. */
    this.shows = null;
    /** Has somebody done something on the stage since? */
    this.isChanged = false;
    /** The load under way: `{ player, fragment, done }`. */
    this.coming = null;
    this.order = 0;
  }

  /** Language and theme; the frame begins anew with them, and with what it showed. */
  dressed(lang, theme) {
    this.dress = { lang, theme };
    if (!this.player) return;
    this.player.remove();
    this.player = null;
    const shown = this.shows;
    this.shows = null;
    if (shown) this.show(shown, null).catch(() => { /* whoever asks next is told */ });
  }

  element() {
    if (this.player) return this.player;
    const player = document.createElement("blumfeld-player");
    const looks = { src: "./", s: "opening", ctl: "1", height: HEIGHT, offline: "", links: "0", hide: "title", ...this.dress };
    Object.entries(looks).forEach(([name, value]) => player.setAttribute(name, value));
    // What somebody does on the stage makes another run of it.
    player.addEventListener("action", () => { this.isChanged = true; });
    this.player = player;
    this.room.replaceChildren(player);
    return player;
  }

  /** Shows the experiment of a link's fragment; plays from an instant (seconds), or stands where it opens. */
  async show(fragment, from) {
    await customElements.whenDefined("blumfeld-player");
    this.order += 1;
    const order = this.order;
    const player = this.element();
    try {
      await this.loaded(player, fragment);
    } catch (error) {
      // What a newer order has overtaken is nobody's trouble.
      if (order === this.order) throw error;
    }
    if (from === null || order !== this.order) return;
    await player.seek(nanos(from));
    if (order === this.order) await player.play();
  }

  /** Loads it, once, however often it is asked for meanwhile. */
  async loaded(player, fragment) {
    if (this.shows === fragment && !this.isChanged) return;
    if (this.coming?.fragment !== fragment || this.coming.player !== player) {
      this.isChanged = false;
      this.coming = { player, fragment, done: player.load(fragment) };
    }
    const { coming } = this;
    try {
      await coming.done;
      if (this.player === player) this.shows = fragment;
    } finally {
      if (this.coming === coming) this.coming = null;
    }
  }

  /** Stands at an instant of what it shows. */
  async seek(at) {
    if (!this.player || !this.shows) return;
    await this.player.pause();
    await this.player.seek(nanos(at));
  }
}
