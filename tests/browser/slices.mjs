// Whatever an experiment asks for, the page answers: long ways go in slices and say how far they are, Stop stops, and
// what is left can be shared.

import { readFile } from "node:fs/promises";
import { PAGE, check, ready, until } from "./lib.mjs";

export const HEAVY = JSON.parse(await readFile(new URL("heavy.json", import.meta.url), "utf8"));

/** A visit that keeps the length of every task of the main thread that took more than 50 ms. */
export async function watched(browser, address) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-US" });
  const page = await context.newPage();
  await page.addInitScript(() => {
    globalThis.longTasks = [];
    const observer = new PerformanceObserver((list) => {
      for (const task of list.getEntries()) globalThis.longTasks.push(Math.round(task.duration));
    });
    observer.observe({ type: "longtask", buffered: true });
  });
  await page.goto(PAGE + address);
  return { context, page };
}

export const longTasks = (page) => page.evaluate(() => globalThis.longTasks);

export const opening = (page) => page.locator(".opening");
export const stop = (page) => page.getByRole("button", { name: "Stop and look", exact: true });

/** Clicks Stop and says how many milliseconds later the page shows that it has stopped. */
export async function stopped(page) {
  await page.evaluate(() => {
    globalThis.stoppedAfter = undefined;
    addEventListener(
      "click",
      () => {
        const start = performance.now();
        const look = () => {
          if (document.querySelector(".opening")) requestAnimationFrame(look);
          else globalThis.stoppedAfter = performance.now() - start;
        };
        requestAnimationFrame(look);
      },
      { once: true, capture: true },
    );
  });
  await stop(page).click();
  return until(() => page.evaluate(() => globalThis.stoppedAfter), (after) => after !== undefined, "it stops", 20);
}

/** Share gives a link with a step of the experiment in it, and the page still plays. */
export async function writtenLink(page) {
  await page.getByRole("button", { name: "Share", exact: true }).first().click();
  const link = page.locator("#share-link");
  await link.waitFor();
  const text = await until(() => link.inputValue(), (value) => value.includes("#b1."), "there is a link");
  await page.keyboard.press("Escape");
  return text;
}

/** Milliseconds within which Stop answers on a machine that does other things as well; the goal is 100. */
const STOP = 200;

export const tests = {};

for (const [name, link] of Object.entries(HEAVY)) {
  tests[`${name} can be stopped and shared`] = async (browser) => {
    const { page } = await watched(browser, link);
    await opening(page).waitFor({ timeout: 30_000 });
    const shown = await stop(page).isVisible().catch(() => false);
    if (shown) {
      // The way may have ended by itself before the click came; then there is nothing to stop, and the page says so.
      const after = await stopped(page).catch((error) => error);
      const ended = after instanceof Error && (await opening(page).count()) === 0;
      console.log(`  ${name}: ${ended ? "had ended" : `stopped after ${after.toFixed?.(0)} ms`}`);
      check(ended || after < STOP, `Stop answers: ${after} ms`);
    }
    await ready(page);
    const text = await writtenLink(page);
    check(text.length > 60, "the link holds the acts");
    console.log(`  ${name}: long tasks ${JSON.stringify(await longTasks(page))}`);
  };
}

/** All of it measures time. */
export const alone = Object.keys(tests);
