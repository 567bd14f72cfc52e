// Asks the program in its worker, one question after the other. Of questions where only the last text counts a newer one
// takes the older one's place. A worker that broke off, or that is given up, is ended and begun anew.

/** A newer question has taken this one's place, or all were given up. */
export class Overtaken extends Error {}

/** This build of the program lacks it. */
export class Missing extends Error {}

/** The program did not come. */
export class Unavailable extends Error {}

export class Engine {
  /** `told` hears `"loading"`, `"ready"`, `"failed"` and `"broken"`, and a sentence. */
  constructor(told) {
    this.told = told;
    this.begin();
  }

  begin() {
    this.waiting = [];
    this.asked = null;
    this.isReady = false;
    this.failure = null;
    this.next = 1;
    this.told("loading", "");
    const worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
    this.worker = worker;
    worker.onmessage = ({ data }) => this.worker === worker && this.heard(data);
    worker.onerror = (event) => {
      event.preventDefault();
      if (this.worker === worker && !this.isReady) this.fail(event.message || "");
    };
  }

  /** Gives up what is under way, and everything that waits. */
  restart() {
    this.worker.terminate();
    const given = this.open();
    this.begin();
    given.forEach(({ refuse }) => refuse(new Overtaken()));
  }

  /** What has no answer yet. */
  open() {
    return [this.asked, ...this.waiting].filter(Boolean);
  }

  fail(why) {
    this.failure = new Unavailable(why);
    const given = this.open();
    this.waiting = [];
    this.asked = null;
    given.forEach(({ refuse }) => refuse(this.failure));
    this.told("failed", why);
  }

  get busy() {
    return this.asked !== null || this.waiting.length > 0;
  }

  /** The answer of the program's function `call`. */
  ask(call, ...values) {
    if (this.failure) return Promise.reject(this.failure);
    return new Promise((keep, refuse) => {
      this.waiting.push({ call, values, keep, refuse });
      this.send();
    });
  }

  /** The same; older ones of this call that still wait are not asked any more. */
  askLast(call, ...values) {
    const older = this.waiting.filter((asked) => asked.call === call);
    this.waiting = this.waiting.filter((asked) => asked.call !== call);
    older.forEach(({ refuse }) => refuse(new Overtaken()));
    return this.ask(call, ...values);
  }

  send() {
    if (!this.isReady || this.asked || this.waiting.length === 0) return;
    this.asked = { ...this.waiting.shift(), id: this.next };
    this.next += 1;
    this.worker.postMessage({ id: this.asked.id, call: this.asked.call, values: this.asked.values });
  }

  heard(data) {
    if (data.type === "failed") return this.fail(data.text);
    if (data.type === "ready") {
      this.isReady = true;
      this.told("ready", "");
      return this.send();
    }
    const asked = this.asked;
    if (!asked || data.id !== asked.id) return;
    this.asked = null;
    if (data.missing) asked.refuse(new Missing(data.missing));
    else if (data.error === undefined) asked.keep(data.value);
    else asked.refuse(new Error(data.error));
    if (!data.broken) return this.send();
    this.told("broken", data.error);
    this.restart();
  }
}
