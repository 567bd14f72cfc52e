// Inside a page of another origin, in a sandbox without storage: no chrome but a title bar, paused, the host keeps
// the focus; what a host or an address asks for is done, or answered with a sentence and nothing half done.

import { check, none, OTHER_SITE, PAGE, picture, ready, until, violations, visit, watch } from "./lib.mjs";

/** A page of another origin that frames ours with `options`, in so many pixels. */
async function host(browser, options = "", { width = 760, height = 420 } = {}) {
  const page = await (await browser.newContext({ viewport: { width: 900, height: 700 }, locale: "en-US" })).newPage();
  const complaints = watch(page);
  const framed = encodeURIComponent(`${PAGE}?embed=1${options}`);
  await page.goto(`${OTHER_SITE}host.html?width=${width}&height=${height}&page=${framed}`);
  const frame = page.frameLocator("iframe");
  await ready(frame);
  return { page, frame, complaints };
}

/** Chooses a request on the host's page and sends it. */
async function ask(page, name, argument = "") {
  await page.locator("#argument").fill(argument);
  await page.locator("#request").selectOption(name);
  await page.getByRole("button", { name: "Ask" }).click();
}

async function answers(page) {
  return (await page.locator("#answers li").allInnerTexts()).map((line) => JSON.parse(line));
}

/** Asks and waits for the answer with its id. */
async function answered(page, name, argument) {
  const before = (await answers(page)).length;
  await ask(page, name, argument);
  const all = await until(
    () => answers(page),
    (all) => all.slice(before).some(({ id }) => typeof id === "number"),
    `no answer to ${name}`,
  );
  return all.slice(before).find(({ id }) => typeof id === "number");
}

async function sandboxed(browser) {
  const { page, frame, complaints } = await host(browser);
  const clock = frame.locator("footer.time .clock");
  const before = await clock.innerText();
  await page.waitForTimeout(1_000);
  check((await clock.innerText()) === before, "an embedded page must start paused");
  check(!(await frame.locator("header.top").isVisible()), "an embedded page must hide its header");
  check(await frame.locator("header.title-bar b").isVisible(), "it must say what it is");
  check(await frame.getByRole("link", { name: /^Open full/ }).isVisible(), "it must lead to a tab of its own");
  check(/sent \d+/.test(await frame.locator(".ledger-line").innerText()), "the ledger must be seen");
  const focus = await page.evaluate(() => document.activeElement?.tagName);
  check(focus !== "IFRAME", "an embedded page took the focus");
  check((await page.evaluate(() => scrollY)) === 0, "an embedded page scrolled its host");
  // Without leave to open tabs the link is shown instead.
  await frame.getByRole("link", { name: /^Open full/ }).click();
  await frame.locator("dialog[open] #share-link").waitFor();
  none(complaints.filter((text) => !text.includes("allow-popups")), "complaints");
}

const GOOD = ["play", "pause", "step", "back", "getState", "seek to a number", "seek to a big integer"];

async function spokenTo(browser) {
  const { page, complaints } = await host(browser);
  for (const name of GOOD) check((await answered(page, name)).type === "state", `${name} must be answered`);
  const state = await answered(page, "seek to the argument", "26s");
  check(state.type === "state", JSON.stringify(state));
  await until(async () => (await answered(page, "getState")).now, (now) => now === "26000000000", "26 s are not reached");
  const first = (await answers(page)).find(({ type }) => type === "ready");
  check(/^1\.\d+\.\d+$/.test(first?.protocol), `ready names no version: ${JSON.stringify(first)}`);
  const kinds = new Set((await answers(page)).map(({ type }) => type));
  for (const kind of ["ready", "loaded", "play", "pause", "step", "state"]) check(kinds.has(kind), `no ${kind}`);
  none(complaints, "complaints");
}

/** Each bad request, and the name of its error. */
const BAD = {
  "bad-argument": [
    "seek nowhere", "seek to null", "seek to NaN", "seek to Infinity", "seek before the start", "seek to a fraction",
    "seek too far", "seek to an object", "seek to a list", "seek to a word", "seek without a unit",
    "seek to a long text", "seek to a huge big integer", "load nothing", "load a number", "load an object",
  ],
  "no-such-mark": ["seek to nobody's mark"],
  "too-long": ["load a long link"],
  "bad-link": ["load a foreign link", "load a future link"],
};

async function badlySpokenTo(browser) {
  const api = `&api=${encodeURIComponent(new URL(OTHER_SITE).origin)}`;
  const { page, complaints } = await host(browser, api);
  const before = await answered(page, "getState");
  for (const [error, names] of Object.entries(BAD)) {
    for (const name of names) {
      const answer = await answered(page, name);
      check(answer.type === "error" && answer.error === error, `${name}: ${JSON.stringify(answer)}`);
      check(/\w.*[.]$/s.test(answer.text), `${name}: no sentence: ${answer.text}`);
    }
  }
  for (const name of ["with an odd id", "with a long id"]) {
    await ask(page, name);
    await until(() => answers(page), (all) => all.at(-1).error === "bad-argument" && all.at(-1).id === null, name);
  }
  for (const name of ["of an unknown type", "of another protocol"]) await ask(page, name);
  const after = await answered(page, "getState");
  check(JSON.stringify({ ...after, id: 0 }) === JSON.stringify({ ...before, id: 0 }), "a bad request changed something");
  none(complaints, "complaints");
}

async function forbidden(browser) {
  const { page } = await host(browser);
  const answer = await answered(page, "load the argument", "#b1.AAAA");
  check(answer.type === "error" && answer.error === "forbidden", JSON.stringify(answer));
}

async function methods(browser) {
  const page = await (await browser.newContext({ locale: "en-US" })).newPage();
  const complaints = watch(page);
  await page.goto(`${PAGE}embed/methods.html`);
  await ready(page.frameLocator("iframe"));
  const call = async (name) => {
    await page.locator("#call").selectOption(name);
    await page.getByRole("button", { name: "Do it" }).click();
    return (await page.locator("#log").innerText()).split("\n")[0];
  };
  const before = await call("getState()");
  for (const [name, error] of Object.entries({
    "seek()": "bad-argument", "seek(NaN)": "bad-argument", "seek(-1)": "bad-argument", "seek(1e300)": "bad-argument",
    "seek({})": "bad-argument", "seek(Symbol())": "bad-argument", 'seek("mark:nobody")': "no-such-mark",
    "load()": "bad-argument", "load(42)": "bad-argument", 'load("#hello")': "bad-link", "load(20 MB)": "too-long",
  })) {
    const answer = await call(name);
    check(answer.startsWith(`${name} ✗ ${error}: `) && answer.endsWith("."), answer);
  }
  check((await call("getState()")) === before, "a bad argument changed something");
  check((await call('seek("26s")')).endsWith("done"), "seek is done");
  await until(() => call("getState()"), (state) => state.includes('"now":"26000000000"'), "26 s are not reached");
  none(complaints, "complaints");
}

/** What an address asks for in vain is said; the rest holds. */
async function options(browser) {
  const { page, frame } = await host(browser, "&lang=en&view=spacetime&check=gate&speed=fast&at=mark:nobody");
  const said = frame.locator(".toasts");
  for (const sentence of [/asks no questions/, /speed does not take/, /no mark “nobody”/]) {
    await said.filter({ hasText: sentence }).waitFor({ timeout: 4_000 });
  }
  const errors = (await answers(page)).filter(({ type }) => type === "error");
  check(errors.length === 3, JSON.stringify(errors));
}

async function placed(browser) {
  const marked = await host(browser, "&lang=zh&terms=both&at=mark:topic-orders&until=20s&speed=5&view=partitions");
  const now = async ({ page }) => Number((await answered(page, "getState")).now) / 1e9;
  const at = await now(marked);
  check(at >= 5 && at < 6, `mark:topic-orders is at ${at}`);
  await ask(marked.page, "play");
  await until(() => now(marked), (now) => now === 20, "it does not stop by itself", 60);
  check((await marked.frame.locator("header.title-bar select option").count()) === 3, "no partitions are offered");
}

async function allowed(browser) {
  const { frame, complaints } = await host(browser, "&lang=en&allow=produce&autoplay=0", { width: 860, height: 560 });
  check((await frame.locator('[data-thing^="switch-"]:visible, .press.switch:visible').count()) === 0, "stopping is offered");
  await frame.locator("main#stage").press("t");
  const line = frame.locator(".terminal input");
  await line.fill("kill 2");
  await line.press("Enter");
  await frame.getByText("This page only allows: produce.").waitFor();
  await line.fill("send web hello key=order-1");
  await line.press("Enter");
  none(complaints, "complaints");
}

/** Small frames, both themes and languages: readable, and nothing for axe to say. */
async function small(browser) {
  for (const [theme, lang] of [["light", "en"], ["dark", "zh"]]) {
    const options = { viewport: { width: 480, height: 320 } };
    const { page, complaints } = await visit(browser, `?embed=1&theme=${theme}&lang=${lang}`, options);
    none(await violations(page), `axe, 480 by 320, ${theme}, ${lang}`);
    const smallest = await page.evaluate(() => {
      const texts = [...document.querySelectorAll("main#stage svg text")];
      return Math.min(...texts.map((text) => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a));
    });
    check(smallest > 10.9, `the smallest text is ${smallest} px`);
    await picture(page, `embed-${theme}-${lang}`);
    none(complaints, "complaints");
  }
}

export const tests = {
  "in a sandbox": sandboxed,
  "answers its host": spokenTo,
  "answers bad requests": badlySpokenTo,
  "loads only for a named host": forbidden,
  "answers methods": methods,
  "says what it cannot do": options,
  "stands and stops where it is told": placed,
  "lets be done what is allowed": allowed,
  "is readable when small": small,
};
