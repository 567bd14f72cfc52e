// Runs the browser tests, or only the files named as arguments, and prints a line for each. Much of their time is
// waiting for the page's own clock, so they run beside each other, each on a screen of few pictures a second; what measures
// time (named in a file's `alone`) runs by itself before that, on a full one. `cargo xtask browser` serves the pages, finds the browser and starts this.

import { readdir, readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { launch } from "./lib.mjs";

/** One test must not take longer than this. */
const LIMIT = 120_000;

/** The files here that export `tests`; the others measure, or help. Read as text, since those that measure begin when imported. */
async function testFiles() {
  const here = new URL(".", import.meta.url);
  const names = (await readdir(here)).filter((name) => name.endsWith(".mjs"));
  const texts = await Promise.all(names.map((name) => readFile(new URL(name, here), "utf8")));
  return names.filter((_, at) => /^export const tests\b/m.test(texts[at]));
}

async function files() {
  const all = await testFiles();
  const named = process.argv.slice(2).map((name) => (name.endsWith(".mjs") ? name : `${name}.mjs`));
  const unknown = named.filter((name) => !all.includes(name));
  if (unknown.length > 0) throw new Error(`no such browser test: ${unknown.join(" ")}`);
  return named.length > 0 ? named : all.sort();
}

/** A browser has so many tests at most: one after another in contexts of their own, which share nothing. Starting one and
 * ending it takes as long as half a test. */
const TESTS_OF_A_BROWSER = 24;

/** Ends what a test has left open. False where the browser cannot be used any more. */
async function tidied(browser) {
  const closed = Promise.all(browser.contexts().map((context) => context.close())).then(() => true, () => false);
  let timer;
  const late = new Promise((done) => { timer = setTimeout(() => done(false), 5_000); });
  const answer = await Promise.race([closed, late]);
  clearTimeout(timer);
  return answer && browser.isConnected();
}

/** One that failed or hangs leaves nothing behind: its browser ends with it, as does that of a test that measures time. */
async function passes({ name, test, slow }, lane = {}) {
  const start = performance.now();
  lane.browser ??= await launch({ slow });
  lane.tests = (lane.tests ?? 0) + 1;
  const { browser } = lane;
  let keeps = false;
  let timer;
  const late = new Promise((_, refuse) => {
    timer = setTimeout(() => refuse(new Error(`not done after ${LIMIT / 1000} s`)), LIMIT);
  });
  const seconds = () => `${((performance.now() - start) / 1000).toFixed(1)} s`;
  try {
    await Promise.race([test(browser), late]);
    keeps = slow && lane.tests < TESTS_OF_A_BROWSER && (await tidied(browser));
    console.log(`ok      ${name}, ${seconds()}`);
    return true;
  } catch (error) {
    console.log(`FAILED  ${name}, ${seconds()}\n${error.stack ?? error}`);
    return false;
  } finally {
    clearTimeout(timer);
    if (!keeps) {
      await browser.close().catch(() => {});
      [lane.browser, lane.tests] = [undefined, 0];
    }
  }
}

/** So many failed tests are tried once more, when all else is done: a machine that does other things as well may have let
 * one wait for too long. It is said which; more of them are no accident. */
const SECOND_TRIES = 3;

/** So many at once: one a core and one for waits, and not so many that a page waits for its turn. */
const BESIDE = Math.min(3, availableParallelism());

const failed = [];
let passed = 0;

/** Takes the next test until none is left. */
async function lane(waiting) {
  const own = {};
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    if (await passes(next, own)) passed += 1;
    else failed.push(next);
  }
  await own.browser?.close().catch(() => {});
}

/** A file's tests with their whole names, those that measure time and the others. */
async function parts(file) {
  const { tests, alone = [] } = await import(`./${file}`);
  const whole = (wanted) =>
    Object.entries(tests)
      .filter(([name]) => alone.includes(name) === wanted)
      .map(([name, test]) => ({ name: `${file.replace(".mjs", "")}: ${name}`, test, slow: !wanted }));
  return { timed: whole(true), others: whole(false) };
}

const all = await Promise.all((await files()).map(parts));
await lane(all.flatMap(({ timed }) => timed));
const waiting = all.flatMap(({ others }) => others);
await Promise.all(Array.from({ length: BESIDE }, () => lane(waiting)));
for (const one of failed.length <= SECOND_TRIES ? [...failed] : []) {
  if (!(await passes({ ...one, name: `${one.name} (second try)` }))) continue;
  passed += 1;
  failed.splice(failed.indexOf(one), 1);
  console.log(`unsteady: ${one.name} failed at first`);
}
console.log(`test result: ${failed.length === 0 ? "ok" : "FAILED"}. ${passed} passed; ${failed.length} failed; 0 ignored`);
process.exit(failed.length === 0 ? 0 : 1);
