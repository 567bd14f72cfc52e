// What is there before the program: the picture of the opening scene in the reader's theme. Whoever asks for another
// experiment sees none of it, and nobody sees it once the program is there.

import { check, none, PAGE, ready, until, violations, visit, watch } from "./lib.mjs";

const PROGRAM = /blumfeld-web-[0-9a-f]+(_bg)?\.wasm$/;
const still = (page) => page.locator(".loading img");

/** A page whose program does not come before it is let go. */
async function waiting(browser, address, options) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-US", ...options });
  const page = await context.newPage();
  const complaints = watch(page);
  let go;
  const gone = new Promise((done) => (go = done));
  await page.route(PROGRAM, async (route) => {
    await gone;
    await route.continue();
  });
  await page.goto(PAGE + address, { waitUntil: "commit" });
  await page.locator(".loading").waitFor();
  await page.waitForFunction(() => document.readyState !== "loading");
  return { page, complaints, go };
}

async function stands(browser, { address = "", theme, options }) {
  const { page, complaints, go } = await waiting(browser, address, options);
  await until(() => still(page).evaluate((image) => image.naturalWidth), (width) => width > 0, "no picture");
  check((await page.locator("html").getAttribute("data-theme")) === theme, `the theme is not ${theme}`);
  const { width, height } = await still(page).boundingBox();
  const { width: whole } = page.viewportSize();
  check(width > whole / 3 && width <= whole && height > width / 2.2, `the picture is ${width} by ${height}`);
  none(await violations(page), "axe");
  go();
  await ready(page);
  check((await still(page).count()) === 0, "the picture has stayed");
  none(complaints, "complaints");
}

async function another(browser, address) {
  const { page, go } = await waiting(browser, address);
  check((await still(page).count()) === 0, `the opening scene's picture stands before ${address}`);
  go();
}

export const tests = {
  "light": (browser) => stands(browser, { theme: "light" }),
  "dark, phone": (browser) =>
    stands(browser, { theme: "dark", options: { colorScheme: "dark", viewport: { width: 360, height: 780 }, hasTouch: true } }),
  "as asked": (browser) => stands(browser, { address: "?theme=contrast&lang=zh", theme: "contrast" }),
  "a lesson": (browser) => another(browser, "?s=m12"),
  "a link": async (browser) => {
    const { page } = await visit(browser);
    const hash = await page.evaluate(() => location.hash);
    await another(browser, hash.length > 1 ? hash : "#b1.AAAA");
  },
};
