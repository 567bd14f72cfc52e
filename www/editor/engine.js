// Asks the program in its worker. Each kind of question has one place: a newer one takes it, because only the last text
// counts. A worker that broke off, or that is too slow for what somebody wrote meanwhile, is ended and begun anew.

/** The older question was overtaken. */
export class Overtaken extends Error {}

/** This build of the program lacks it. */
export class Missing extends Error {}

export class Engine {
  /** `told` hears `"loading"`, `"ready"`, `"failed"` and `"broken"`, and a sentence. */
  constructor(told) {
    this.told = told;
    this.calls = [];
    this.begin();
  }

  begin() {
    this.waiting = new Map();
    this.asked = null;
    this.isReady = false;
    this.next = 1;
    this.told("loading", "");
    const worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
    this.worker = worker;
    worker.onmessage = ({ data }) => this.worker === worker && this.heard(data);
    worker.onerror = (event) => {
      event.preventDefault();
      if (this.worker === worker && !this.isReady) this.told("failed", event.message || "");
    };
  }

  /** Gives up what is under way, and everything that waits. */
  restart() {
    this.worker.terminate();
    const given = [this.asked, ...this.waiting.values()].filter(Boolean);
    this.begin();
    given.forEach(({ refuse }) => refuse(new Overtaken()));
  }

  get busy() {
    return this.asked !== null;
  }

  /** The answer of the program's function `call`. */
  ask(call, ...values) {
    return new Promise((keep, refuse) => {
      this.waiting.get(call)?.refuse(new Overtaken());
      this.waiting.set(call, { call, values, keep, refuse });
      this.send();
    });
  }

  send() {
    if (!this.isReady || this.asked) return;
    const [first] = this.waiting.values();
    if (!first) return;
    this.waiting.delete(first.call);
    this.asked = { ...first, id: this.next };
    this.next += 1;
    this.worker.postMessage({ id: this.asked.id, call: first.call, values: first.values });
  }

  heard(data) {
    if (data.type === "failed") return this.told("failed", data.text);
    if (data.type === "ready") {
      this.isReady = true;
      this.calls = data.calls;
      this.told("ready", "");
      return this.send();
    }
    const asked = this.asked;
    if (!asked || data.id !== asked.id) return;
    this.asked = null;
    if (data.missing) asked.refuse(new Missing(data.missing));
    else if (data.error === undefined) asked.keep(data.value);
    else asked.refuse(new Error(data.error));
    if (data.broken) {
      this.told("broken", data.error);
      this.restart();
    } else {
      this.send();
    }
  }
}
