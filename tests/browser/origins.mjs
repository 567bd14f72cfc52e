// Who may ask for what: `api=` names an origin, or says `opaque`, and nothing else. Without it everybody can look and
// nobody can load. However many messages come, frames go on.

import { check, none, OTHER_SITE, PAGE, ready, until, watch } from "./lib.mjs";

const ORIGIN = new URL(OTHER_SITE).origin;

/** Our page inside another one; with `nested` that one has no origin, because it is
 * sandboxed itself; with `cross` it is of another site. */
async function host(browser, options, { nested = false, cross = false } = {}) {
  const page = await (await browser.newContext({ viewport: { width: 900, height: 900 }, locale: "en-US" })).newPage();
  const complaints = watch(page);
  const address = `host.html?width=760&height=420&page=${encodeURIComponent(`${PAGE}?embed=1&lang=en${options}`)}`;
  const site = cross ? OTHER_SITE.replace("127.0.0.1", "localhost") : OTHER_SITE;
  await page.goto(nested ? `${OTHER_SITE}opaque.html?page=${encodeURIComponent(address)}` : site + address);
  const outer = nested ? page.frameLocator("iframe") : page;
  await ready(outer.frameLocator("iframe"));
  return { page, outer, frame: outer.frameLocator("iframe"), complaints };
}

async function answers({ outer }) {
  return (await outer.locator("#answers li").allInnerTexts()).map((line) => JSON.parse(line));
}

/** The answer to a request; `null` when nothing comes. */
async function answered(visit, name, argument = "") {
  const before = (await answers(visit)).length;
  await visit.outer.locator("#argument").fill(argument);
  await visit.outer.locator("#request").selectOption(name);
  await visit.outer.getByRole("button", { name: "Ask", exact: true }).click();
  const found = async () => (await answers(visit)).slice(before).find(({ id }) => typeof id === "number");
  const end = performance.now() + 3_000;
  while (performance.now() < end) {
    const answer = await found();
    if (answer) return answer;
    await visit.page.waitForTimeout(50);
  }
  return null;
}

async function load(visit) {
  const state = await answered(visit, "getState");
  const link = state?.link ?? "#b1.AAAA";
  return answered(visit, "load the argument", link.slice(link.indexOf("#")));
}

/** Values that are no origin: told in a sentence, and nobody may load by them. */
async function noOrigins(browser) {
  for (const value of ["*", "", "null", `${ORIGIN}/lesson`, "course.example", "https://*.example", `${ORIGIN},${ORIGIN}`]) {
    const visit = await host(browser, `&api=${encodeURIComponent(value)}`);
    const sentence = `api does not take “${value.toLowerCase()}”; it takes`;
    await visit.frame.locator(".toasts").filter({ hasText: sentence.slice(0, 40) }).waitFor({ timeout: 5_000 });
    const told = (await answers(visit)).filter(({ type }) => type === "error").map(({ text }) => text);
    check(told.some((text) => text.startsWith("api does not take")), `${value}: ${JSON.stringify(told)}`);
    check((await load(visit))?.error === "forbidden", `api=${value} lets others load`);
    none(visit.complaints, "complaints");
    await visit.page.context().close();
  }
}

async function named(browser) {
  const visit = await host(browser, `&api=${encodeURIComponent(`${ORIGIN.toUpperCase()}/`)}`);
  check((await load(visit))?.type === "loaded", "the named host cannot load");
  const deaf = await host(browser, `&api=${encodeURIComponent("https://course.example")}`);
  check((await answered(deaf, "getState")) === null, "another origin is heard");
}

/** A host without an origin is let in by its own word only. */
async function opaque(browser) {
  for (const [options, wanted] of [["", "forbidden"], ["&api=null", "forbidden"], ["&api=opaque", undefined]]) {
    const visit = await host(browser, options, { nested: true });
    check((await answered(visit, "getState"))?.type === "state", `${options}: a host without an origin cannot look`);
    const answer = await load(visit);
    check(answer?.error === wanted && (wanted || answer.type === "loaded"), `${options}: ${JSON.stringify(answer)}`);
    await visit.page.context().close();
  }
  const visit = await host(browser, "&api=opaque");
  check((await answered(visit, "getState")) === null, "a host with an origin passes for one without");
}

/** Without a named host anybody can look, and nobody can change anything. */
async function onlyLooking(browser) {
  const visit = await host(browser, "");
  const before = await answered(visit, "getState");
  for (const name of ["play", "pause", "step", "back", "seek to a number"]) {
    check((await answered(visit, name))?.type === "state", `${name} is looking`);
  }
  check((await load(visit))?.error === "forbidden", "a stranger loads");
  check((await answered(visit, "an act")) === null, "a stranger acts");
  const after = await answered(visit, "seek to the argument", `${before.now}`);
  const told = await until(() => answered(visit, "getState"), ({ now }) => now === before.now, "the instant of before");
  check(after.type === "state" && told.hash === before.hash, "a stranger has changed the cluster");
}

/** Twenty thousand requests at once: each is answered, and frames go on. */
async function flooded(browser) {
  for (const name of ["getState", "seek to a number"]) {
    // Another site has a process of its own: what sending costs is not the page's.
    const origin = ORIGIN.replace("127.0.0.1", "localhost");
    const visit = await host(browser, `&api=${encodeURIComponent(origin)}`, { cross: true });
    const inner = visit.page.frames().find((frame) => frame.url().startsWith(PAGE));
    // Frames are watched until all is answered, and two seconds at least.
    await inner.evaluate(() => {
      globalThis.gaps = [];
      let before = performance.now();
      const frame = (now) => {
        globalThis.gaps.push(now - before);
        before = now;
        requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
    });
    const least = performance.now() + 2_000;
    await visit.outer.locator("#request").selectOption(name);
    await visit.outer.getByRole("button", { name: "Send 20,000" }).click();
    const counts = await until(
      async () => JSON.parse(await visit.outer.locator("#counts").innerText()),
      ({ state = 0, busy = 0 }) => state + busy >= 20_000,
      "not all are answered",
    );
    await visit.page.waitForTimeout(Math.max(0, least - performance.now()));
    const slowest = await inner.evaluate(() => globalThis.gaps.sort((a, b) => b - a).slice(0, 3));
    console.log(`20,000 × ${name}: ${JSON.stringify(counts)}, longest frames ${slowest.map((ms) => ms.toFixed(0)).join(", ")} ms`);
    check(counts.state > 0, "none is answered with a state");
    await visit.page.context().close();
  }
}

export const tests = {
  "no origins": noOrigins,
  "a named host": named,
  "hosts without an origin": opaque,
  "strangers only look": onlyLooking,
  "a flood": flooded,
};

/** What measures time. */
export const alone = ["a flood"];
