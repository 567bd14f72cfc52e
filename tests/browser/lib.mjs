// What all browser tests share: a browser, a fresh page that keeps its own complaints, axe, screenshots.
//
// Tests act through trusted input only (mouse, keyboard, touch). Evaluated script may read, never change.

import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { deflateRawSync } from "node:zlib";

function given(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: start this with cargo xtask browser`);
  return value;
}

const load = createRequire(path.join(given("BLUMFELD_MODULES"), "index.js"));
const { chromium } = load("playwright-core");
const AXE = await readFile(load.resolve("axe-core/axe.min.js"), "utf8");

/** Where the page is served, with a slash at the end. */
export const PAGE = given("BLUMFELD_PAGE");
/** Where the pages of `pages/` are served: another origin. */
export const OTHER_SITE = given("BLUMFELD_OTHER_SITE");

const IMAGES = fileURLToPath(new URL("../../docs/images", import.meta.url));
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--force-color-profile=srgb",
];

/** What this browser would do besides: those that its driver switches off (the last list counts), and the popups below the
 * address bar, which cost every window a page of its own and as much time as the first scene. */
const WITHOUT = [
  "AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable",
  "LensOverlay,MediaRouter,PaintHolding,ThirdPartyStoragePartitioning,AvoidCorsURLLoaderRestartOnRedirect",
  "OptimizationHints,NetworkTimeServiceQuerying,AimEnabled,PreconnectToSearch",
  "WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup",
].join(",");

/** Makes the screen one of twenty pictures a second, as a slow machine's: drawing is most of what a test costs. */
function slowScreen() {
  const ask = globalThis.requestAnimationFrame.bind(globalThis);
  const withdraw = globalThis.cancelAnimationFrame.bind(globalThis);
  const [PERIOD, TOLERANCE] = [50, 4];
  let [waiting, asked, last, number] = [new Map(), 0, -Infinity, 0];
  const frame = (now) => {
    if (now - last < PERIOD - TOLERANCE) {
      asked = ask(frame);
      return;
    }
    const these = waiting;
    [waiting, asked, last] = [new Map(), 0, now];
    for (const heard of these.values()) heard(now);
  };
  globalThis.requestAnimationFrame = (heard) => {
    asked ||= ask(frame);
    waiting.set((number += 1), heard);
    return number;
  };
  globalThis.cancelAnimationFrame = (which) => {
    waiting.delete(which);
    if (waiting.size > 0 || asked === 0) return;
    withdraw(asked);
    asked = 0;
  };
}

/** A browser with a fresh profile. Without `serviceWorkers: "allow"` no context of it keeps pages for later visits;
 * with `slow` its screen shows twenty pictures a second, and whoever measures time leaves it out. */
export async function launch({ slow = false } = {}) {
  const args = [...FLAGS, `--disable-features=${WITHOUT}`];
  const browser = await chromium.launch({ executablePath: given("BLUMFELD_CHROMIUM"), headless: true, args });
  const newContext = browser.newContext.bind(browser);
  browser.newContext = async (options) => {
    const context = await newContext({ serviceWorkers: "block", ...options });
    if (slow) await context.addInitScript(slowScreen);
    return context;
  };
  return browser;
}

/**
 * A fresh visit. `options` are Playwright's context options; `address` is appended to the page's.
 * The visit keeps everything that the console complained about.
 */
export async function visit(browser, address = "", options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-US", ...options });
  const page = await context.newPage();
  const complaints = watch(page);
  await page.goto(PAGE + address);
  await ready(page);
  return { context, page, complaints };
}

/** Collects console errors, exceptions and requests that failed or left for another host. */
export function watch(page) {
  const complaints = [];
  page.on("console", (message) => {
    // That it keeps them away is the browser driver's own warning.
    if (message.text().includes("blocked by Playwright")) return;
    if (["error", "warning"].includes(message.type())) complaints.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`exception: ${error.message}`));
  page.on("requestfailed", (request) => {
    // Whoever follows a link while pictures come leaves them behind.
    const left = request.resourceType() === "image" && request.failure()?.errorText === "net::ERR_ABORTED";
    if (!left) complaints.push(`failed: ${request.url()}`);
  });
  page.on("request", (request) => {
    const { hostname, protocol } = new URL(request.url());
    if (protocol.startsWith("http") && hostname !== "127.0.0.1") complaints.push(`leaves the machine: ${request.url()}`);
  });
  return complaints;
}

/** Waits until the first scene is drawn, has been run up to where it opens, and can be used; for so many milliseconds at most. */
export async function ready(page, timeout = 30_000) {
  // Icons are svg too, and some are hidden, as the samples of a legend are on a phone.
  await page.locator("main#stage:not([aria-busy]) svg:not(.i)").locator("visible=true").first().waitFor({ timeout });
}

/** axe's violations, with no rule switched off: `rule: where`. */
export async function violations(page) {
  // Not as a script element: the page's own policy forbids scripts of others, and that stays on in tests.
  await page.evaluate(AXE);
  const found = await page.evaluate(async () => (await globalThis.axe.run(document)).violations);
  return found.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id} (${help}): ${node.target.join(" ")}`));
}

/** Fails with the list unless it is empty. */
export function none(list, what) {
  if (list.length > 0) throw new Error(`${what}:\n  ${list.join("\n  ")}`);
}

/** Fails unless it holds. */
export function check(holds, what) {
  if (!holds) throw new Error(what);
}

/** Keeps a picture for the README, but only when asked to (`cargo xtask bless`). */
export async function picture(page, name) {
  if (!process.env.BLESS) return;
  await mkdir(IMAGES, { recursive: true });
  await page.screenshot({ path: path.join(IMAGES, `${name}.png`), animations: "disabled" });
}

/** Pauses by keyboard, so that what is looked at does not move. */
export async function pause(page) {
  const play = page.locator("footer.time button.play");
  if ((await play.locator("use").getAttribute("href")) === "#i-pause") await play.click();
}

/** Presses Tab until the element with that selector has the focus. */
export async function tabTo(page, selector, most = 200) {
  for (let count = 0; count < most; count += 1) {
    await page.keyboard.press("Tab");
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
  }
  throw new Error(`Tab never reached ${selector}`);
}

/** The button with exactly that accessible name, of HTML or on the stage. */
export function button(scope, name) {
  return scope.getByRole("button", { name, exact: true });
}

/** Reads until the answer suits, and returns it. */
export async function until(read, suits, what, seconds = 30) {
  const end = performance.now() + seconds * 1_000;
  let answer = await read();
  while (!suits(answer)) {
    if (performance.now() > end) throw new Error(`${what}: still ${JSON.stringify(answer)} after ${seconds} s`);
    await new Promise((done) => setTimeout(done, 25));
    answer = await read();
  }
  return answer;
}

/** What a visitor reads without opening anything. */
export const headline = (page) => page.locator("main#stage h1").innerText();

/** How far the clock is: the instant in seconds and the number of the event. */
export async function clock(page) {
  const text = (await page.locator("footer.time .clock").innerText()).replaceAll(",", "");
  const [, at] = /([\d.]+) s/.exec(text) ?? [];
  const [, event] = /event (\d+)/.exec(text) ?? [];
  return { at: Number(at), event: Number(event) };
}

/** Chooses the tempo in its menu, so many times. */
export async function tempo(page, entry, times = 1) {
  for (let count = 0; count < times; count += 1) {
    await page.locator("footer.time button.tempo").click();
    await page.locator("footer.time .menu.up button", { hasText: entry }).click();
  }
}

/** A number of the ledger in the header, such as `sent`. */
export async function ledger(page, name) {
  const row = page.locator(".ledger span").filter({ hasText: name });
  return Number((await row.locator("b").innerText()).replaceAll(",", ""));
}

/** Sits down at the terminal: a function that types a line. */
export async function terminal(page) {
  await page.locator("main#stage").focus();
  await page.keyboard.press("t");
  const input = page.locator("section.terminal input");
  await input.focus();
  return async (line) => {
    await input.fill(line);
    await input.press("Enter");
  };
}

/** CRC-32C, as links have it. */
function sum(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (0x82f63b78 & -(crc & 1));
  }
  return ~crc >>> 0;
}

/** A link to a text, as anybody can write one. */
export function linkOf(text) {
  const packed = deflateRawSync(Buffer.from(text), { level: 9 });
  const head = Buffer.alloc(4);
  head.writeUInt32LE(sum(packed));
  return `#t1.${Buffer.concat([head, packed]).toString("base64url")}`;
}
