// Whatever stops the engine ends in one card that still has everything: the experiment's link, a way to open it without
// the last act, what was being typed. Nothing of the page is changed for this: it is the world around it that breaks,
// a browser's function that fails when it should not, or a WebAssembly that gets little memory.

import { check, none, OTHER_SITE, PAGE, ready, terminal, until, violations } from "./lib.mjs";

/** Functions of the browser that fail once `globalThis.broken` names them, but only for callers in WebAssembly. */
const BREAKABLE = () => {
  // Frames that are drawn or timers that fire after the card stands.
  globalThis.calls = 0;
  const request = globalThis.requestAnimationFrame;
  globalThis.requestAnimationFrame = (then) => request((now) => ((globalThis.calls += 1), then(now)));
  const fails = (name) => {
    if (globalThis.broken === name && /wasm/.test(new Error().stack)) throw new TypeError(`${name} is broken`);
  };
  for (const kind of ["createElement", "createElementNS"]) {
    const make = Document.prototype[kind];
    Document.prototype[kind] = function (...all) {
      fails("elements");
      return make.apply(this, all);
    };
  }
  // Yew makes an element of each kind once and copies it from then on.
  const copy = Node.prototype.cloneNode;
  Node.prototype.cloneNode = function (...all) {
    fails("elements");
    return copy.apply(this, all);
  };
  const clear = CanvasRenderingContext2D.prototype.clearRect;
  CanvasRenderingContext2D.prototype.clearRect = function (...all) {
    fails("canvas");
    return clear.apply(this, all);
  };
  const { get } = Object.getOwnPropertyDescriptor(MessageEvent.prototype, "data");
  Object.defineProperty(MessageEvent.prototype, "data", {
    get() {
      fails("messages");
      return get.call(this);
    },
  });
};

/** The page's WebAssembly with another limit of its memory, in pages of 64 KiB. */
function limited(bytes, pages) {
  const copy = Buffer.from(bytes);
  let at = 8;
  const number = () => {
    let [value, shift] = [0, 0];
    for (;;) {
      const byte = copy[at];
      at += 1;
      value += (byte & 127) * 2 ** shift;
      shift += 7;
      if (byte < 128) return value;
    }
  };
  while (at < copy.length) {
    const section = copy[at];
    at += 1;
    const size = number();
    if (section !== 5) {
      at += size;
      continue;
    }
    check(number() === 1 && copy[at] === 1, "the memory has no limit of its own");
    at += 1;
    number();
    const start = at;
    check(number() >= pages, "the memory's own limit is lower");
    for (let place = start, rest = pages; place < at; place += 1, rest >>>= 7) {
      copy[place] = (rest & 127) | (place + 1 < at ? 128 : 0);
    }
    return copy;
  }
  throw new Error("no memory in this WebAssembly");
}

async function opened(browser, { address = "", script, pages, options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-US", ...options });
  await context.addInitScript(BREAKABLE);
  if (script) await context.addInitScript(script);
  const page = await context.newPage();
  if (pages) {
    // The first of the program's two files has the memory.
    await page.route(/_bg\.wasm$/, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: limited(await response.body(), pages) });
    });
  }
  await page.goto(PAGE + address);
  return { context, page };
}

const card = (page) => page.getByRole("alertdialog");
const field = (page, label) => card(page).getByLabel(label);
const breakIt = (page, name) => page.evaluate((which) => { globalThis.broken = which; }, name);

/** After the fall nothing calls the engine any more. */
async function isStill(page) {
  check((await page.locator("#app").count()) === 0, "the page is still there");
  const before = await page.evaluate(() => globalThis.calls);
  await page.keyboard.press("a");
  await page.evaluate(() => postMessage({ blumfeld: 1, id: 1, type: "getState" }, "*"));
  await page.waitForTimeout(500);
  check((await page.evaluate(() => globalThis.calls)) === before, "frames are still drawn");
}

/** The card opens the experiment anew, although only the fragment of the address differs. */
async function opensAnew(page, name, acts) {
  await page.evaluate(() => { globalThis.isOld = true; });
  await card(page).getByRole("button", { name, exact: true }).click();
  await page.waitForFunction(() => !globalThis.isOld);
  await ready(page);
  await page.locator(".notice").filter({ hasText: /The state matches|no hash/ }).waitFor({ timeout: 60_000 });
  await page.locator("header.top button.primary").click();
  const script = await page.locator("dialog pre.term:not([id])").textContent({ timeout: 5_000 }).catch(() => "");
  for (const [act, there] of Object.entries(acts)) check(script.includes(act) === there, `${act}: ${script}`);
}

async function inAnAct(browser) {
  const { page } = await opened(browser, { address: "?lang=en&theme=light" });
  await ready(page);
  const type = await terminal(page);
  for (const line of ["halt", "kill 2"]) await type(line);
  await breakIt(page, "elements");
  await type("kill 3");
  await card(page).waitFor();
  check((await card(page).getByRole("heading").innerText()) === "The engine stopped", "another title");
  await until(() => page.evaluate(() => document.activeElement.id), (id) => id === "rescue-reload", "the focus is elsewhere");
  const link = await field(page, "Link to the experiment").inputValue();
  check(link.startsWith(`${PAGE}#b`), link);
  none(await violations(page), "axe, rescue");
  await isStill(page);
  await opensAnew(page, "Reload", { "kill 2": true, "kill 3": true });
}

async function withoutTheAct(browser) {
  const { page } = await opened(browser, { address: "?lang=en&theme=dark" });
  await ready(page);
  const type = await terminal(page);
  for (const line of ["halt", "kill 2"]) await type(line);
  await breakIt(page, "elements");
  await type("kill 3");
  await card(page).waitFor();
  none(await violations(page), "axe, rescue, dark");
  await opensAnew(page, "Open without the last act", { "kill 2": true, "kill 3": false });
}

/** Time passes, a frame is drawn, and what stands in an open form is not lost. */
async function inAFrame(browser) {
  const { page } = await opened(browser, { address: "?lang=zh&theme=light" });
  await ready(page);
  const type = await terminal(page);
  await type("kill 2");
  await page.locator("section.terminal input").fill("create-topic half");
  await page.locator("main#stage").focus();
  await page.keyboard.press("o");
  await page.getByRole("dialog").locator("#field-name").fill("payments");
  await breakIt(page, "canvas");
  await card(page).waitFor();
  check((await card(page).getByRole("heading").innerText()) === "引擎停了", "not in the reader's language");
  const typed = await field(page, "你输入的内容").inputValue();
  check(typed.includes("payments") && typed.includes("create-topic half"), typed);
  await isStill(page);
  none(await violations(page), "axe, rescue, Chinese");
}

async function inAMessage(browser) {
  const context = await browser.newContext({ viewport: { width: 900, height: 700 }, locale: "en-US" });
  await context.addInitScript(BREAKABLE);
  const page = await context.newPage();
  const framed = encodeURIComponent(`${PAGE}?embed=1&lang=en`);
  await page.goto(`${OTHER_SITE}host.html?width=760&height=480&page=${framed}`);
  await ready(page.frameLocator("iframe"));
  const inner = page.frames().find((frame) => frame.url().startsWith(PAGE));
  await inner.evaluate(() => { globalThis.broken = "messages"; });
  await page.locator("#request").selectOption("play");
  await page.getByRole("button", { name: "Ask" }).click();
  const frame = page.frameLocator("iframe");
  await frame.getByRole("alertdialog").waitFor();
  check((await page.evaluate(() => document.activeElement?.tagName)) !== "IFRAME", "a fallen frame took the focus");
  const told = async () => (await page.locator("#answers li").allInnerTexts()).map((line) => JSON.parse(line));
  await until(told, (all) => all.some(({ error }) => error === "stopped"), "the host is not told");
}

/** A listener of the page around it that fails is its own affair, though it was called from within the program. */
async function ofOthers(browser) {
  const { page } = await opened(browser, {
    address: "?lang=en",
    script: () => addEventListener("blumfeld", () => { throw new Error("a mistake of the host's"); }),
  });
  await ready(page);
  const type = await terminal(page);
  for (const line of ["halt", "kill 2"]) await type(line);
  await page.waitForTimeout(300);
  check((await card(page).count()) === 0, "somebody else's mistake brought the card");
  await type("step");
}

/** Each branch has its own link in the card, whatever language its name was said in. */
async function allBranches(browser) {
  const { page } = await opened(browser, { address: "?lang=en&theme=light" });
  await ready(page);
  const type = await terminal(page);
  for (const line of ["halt", "kill 2", "fork", "kill 3"]) await type(line);
  await page.keyboard.press("Escape");
  await page.locator("header.top button[lang]").first().click().catch(() => {});
  await breakIt(page, "canvas");
  await card(page).waitFor();
  const links = await card(page).locator("textarea").evaluateAll((all) => all.map((one) => one.value).filter((text) => text.includes("#b1.")));
  check(links.length >= 2 && new Set(links).size === links.length, `links of both branches: ${links.length}`);
}

async function atTheStart(browser) {
  const { page } = await opened(browser, {
    address: "?lang=en#b1.AAAA",
    script: () => { globalThis.broken = location.hash ? "elements" : ""; },
  });
  await card(page).waitFor();
  check((await field(page, "Link to the experiment").inputValue()).endsWith("#b1.AAAA"), "the address is lost");
  await card(page).getByRole("button", { name: "Open the first scene" }).click();
  await ready(page);
  check(!page.url().includes("#"), page.url());
}

async function withoutMemory(browser) {
  const { page } = await opened(browser, { address: "?lang=en&theme=light&speed=5", pages: 600 });
  await ready(page);
  const type = await terminal(page);
  for (const line of ["kill 2", "add-producer big orders every=63ms size=1000000"]) await type(line);
  await card(page).waitFor({ timeout: 60_000 });
  const said = await card(page).innerText();
  check(/The memory is used up/.test(said) && /no memory left/.test(said), said);
  check((await field(page, "Link to the experiment").inputValue()).includes("#b1."), "the link is lost");
  await isStill(page);
  await opensAnew(page, "Open without the last act", { "kill 2": true, "add-producer big": false });
}

/** What the link does not hold is there to copy, on a phone as well. */
async function narrow(browser) {
  const { page } = await opened(browser, { address: "?lang=zh&theme=dark", options: { viewport: { width: 360, height: 780 } } });
  await ready(page);
  await page.locator("main#stage").focus();
  await page.keyboard.press("o");
  await page.getByRole("dialog").locator("#field-name").fill("payments");
  await breakIt(page, "canvas");
  await card(page).waitFor();
  none(await violations(page), "axe, rescue, narrow");
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  check(wide <= 360, `the card is ${wide} px wide`);
}

/** The program cannot be had at all. */
async function notThere(browser) {
  for (const answer of [{ status: 404, body: "" }, { status: 200, contentType: "application/wasm", body: "not wasm" }]) {
    const page = await (await browser.newContext({ locale: "en-US" })).newPage();
    await page.route(/\.wasm$/, (route) => route.fulfill(answer));
    await page.goto(PAGE);
    await card(page).filter({ hasText: "Blumfeld did not start" }).waitFor();
    await page.unroute(/\.wasm$/);
    await card(page).getByRole("button").first().click();
    await ready(page);
  }
}

export const tests = {
  "after a panic in an act": inAnAct,
  "without the last act": withoutTheAct,
  "after a fall in a frame": inAFrame,
  "after a fall in a message": inAMessage,
  "after a panic at the start": atTheStart,
  "without memory": withoutMemory,
  "mistakes of others": ofOthers,
  "all branches": allBranches,
  "on a phone": narrow,
  "without the program": notThere,
};
