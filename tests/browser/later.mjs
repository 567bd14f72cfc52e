// The program comes in two files: nobody waits for the second one unless he is faster than it, and then he waits and
// gets what he asked for. What is fetched when it is opened says so when it cannot be had.

import { check, none, PAGE, ready, until, visit } from "./lib.mjs";

const rest = (page) => page.evaluate(() => ({ here: globalThis.blumfeldLater.here, waited: globalThis.blumfeldLater.waited }));
const SECOND = /later-[0-9a-f]+\.wasm$/;

/** Both files are there, and nobody had to wait for it. */
async function unasked(browser, address) {
  const { page, complaints } = await visit(browser, address);
  await until(() => rest(page), ({ here }) => here, "the second file has not come");
  await page.waitForTimeout(2_000);
  check((await rest(page)).waited === 0, "the opening calls what comes later");
  none(complaints, "complaints");
}

/** A page whose second file does not come in the background; what happens when somebody asks for it is given. */
async function held(browser, answer) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-US" });
  const page = await context.newPage();
  let asked = 0;
  // The first request is the one in the background.
  await page.route(SECOND, async (route) => {
    asked += 1;
    if (asked > 1) await answer(route);
  });
  await page.goto(PAGE);
  await ready(page);
  return page;
}

async function early(browser) {
  const page = await held(browser, (route) => route.continue());
  check(!(await rest(page)).here, "the second file came though it was held back");
  await page.locator("main#stage").focus();
  await page.keyboard.press("b");
  await page.locator("dialog[open]").waitFor();
  const { here, waited } = await rest(page);
  check(here && waited === 1, `the dialog opened without the second file: here ${here}, waited ${waited}`);
}

/**
 * What can be read in the first seconds after the page was opened, by what the page says of time and events. The browser's
 * clock only goes on when it is told to.
 */
async function read(browser, address, hold) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.clock.install({ time: 0 });
  await page.clock.pauseAt(1_000);
  if (hold) await page.route(SECOND, () => {});
  await page.goto(PAGE + address);
  const stage = page.locator("main#stage:not([aria-busy]) svg:not(.i)");
  const drawn = async () => {
    await page.clock.runFor(100);
    return stage.count();
  };
  await until(drawn, (count) => count > 0, "nothing is drawn");
  if (!hold) await until(() => rest(page), ({ here }) => here, "the second file has not come");
  const seen = new Map();
  for (let step = 0; step < 30; step += 1) {
    await page.clock.runFor(100);
    const text = await page.evaluate(() => document.body.innerText);
    const [moment] = /^.* s\n.*\d$/m.exec(text) ?? [""];
    check(moment !== "", `it does not say what time it is: ${text.slice(0, 200)}`);
    seen.set(moment, text);
  }
  const { here, waited } = await rest(page);
  check(here === !hold && waited === 0, `the second file is there: ${here}`);
  await context.close();
  return seen;
}

/** No text or table that is shown lies in the second file only: it would be empty, and nobody would wait for it. */
async function alike(browser) {
  for (const address of ["?lang=en", "?lang=zh"]) {
    const [without, whole] = [await read(browser, address, true), await read(browser, address, false)];
    const both = [...whole.keys()].filter((moment) => without.has(moment));
    check(both.length > 0, `no moment is in both: ${[...whole.keys()]}`);
    for (const moment of both) {
      const [one, other] = [without.get(moment), whole.get(moment)];
      check(one === other, `${address}, ${moment}: without the second file\n${one}\nand not\n${other}`);
    }
  }
}

/** Without it the card says so, and not that something of ours is broken. */
async function never(browser) {
  const page = await held(browser, (route) => route.abort());
  await page.locator("main#stage").focus();
  await page.keyboard.press("b");
  await page.locator("#rescue-text", { hasText: "could not be fetched" }).waitFor();
}

async function lists(browser) {
  const { page } = await visit(browser);
  let down = true;
  await page.route(/fidelity\.md$/, (route) => (down ? route.abort() : route.continue()));
  const open = async () => {
    await page.locator("main#stage").focus();
    await page.keyboard.press("l");
    await page.locator(".side button.link").last().click();
  };
  await open();
  await page.locator("dialog [role=alert]").waitFor();
  await page.keyboard.press("Escape");
  down = false;
  await page.locator(".side button.link").last().click();
  await until(() => page.locator("dialog li").count(), (count) => count > 20, "the lists do not come");
}

export const tests = {
  "nobody waits, English": (browser) => unasked(browser, "?lang=en"),
  "nobody waits, Chinese": (browser) => unasked(browser, "?lang=zh"),
  "who is faster sees the same": alike,
  "who is faster waits": early,
  "who is faster and offline": never,
  "lists that cannot be fetched": lists,
};
