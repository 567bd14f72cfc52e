// The space-time diagram: the address opens it, a message is chosen by pointer and by keys and is told, the menu switches
// it, families filter it, and on a phone it fits.

import { check, none, pause, until, violations, visit } from "./lib.mjs";

const told = (page) => page.locator(".spacetime-told").innerText();
const lines = (page) => page.locator(".st-message").count();
const rows = (page) => page.locator(".spacetime-table tbody tr").count();

/** The diagram is there, with messages, and stands still. */
async function open(browser, options = {}) {
  const { page, complaints } = await visit(browser, "?theme=light&lang=en&view=spacetime", options);
  await pause(page);
  await page.locator(".spacetime svg[role=img]").waitFor({ timeout: 10_000 });
  await until(() => lines(page), (count) => count > 3, "messages are drawn", 20);
  return { page, complaints };
}

async function chosen(browser) {
  const { page, complaints } = await open(browser);
  check((await told(page)) === "Choose a message to read what it is; press it for its bytes.", await told(page));
  check((await lines(page)) === (await rows(page)), "the table holds what is drawn");
  const label = await page.locator(".spacetime svg[role=img]").getAttribute("aria-label");
  check(/^Space-time diagram: \d+ messages? among \d+ processes from .* s to .* s$/.test(label), label);
  const first = page.locator(".spacetime-table tbody button").first();
  await first.focus();
  await until(() => told(page), (text) => text.includes("; sent at "), "what has the focus is told", 5);
  check((await first.getAttribute("aria-pressed")) === "true", "the row says that it is chosen");
  check((await page.locator(".st-message.on").count()) === 1, "its line stands out");
  const before = await told(page);
  await page.keyboard.press("Tab");
  await until(() => told(page), (text) => text !== before, "Tab leads to the next one", 5);
  const known = page.locator(".spacetime-table tbody tr", { hasText: /Fetch request|Produce request/ }).first();
  await known.locator("button").click();
  const bytes = page.locator(".spacetime pre.hex");
  await until(() => bytes.innerText().catch(() => ""), (text) => text.includes("requestApiVersion = "), "its bytes", 10);
  check((await bytes.innerText()).startsWith("0000  00 00 "), "a frame begins with its length");
  none(await violations(page), "axe, space-time");
  none(complaints, "complaints");
}

async function filtered(browser) {
  const { page, complaints } = await open(browser);
  const produce = page.locator(".families button", { hasText: /^Produce \d+$/ });
  const all = await lines(page);
  await produce.click();
  await until(() => lines(page), (count) => count < all, "one family is fewer", 5);
  check((await page.locator(".st-message:not(.f-produce)").count()) === 0, "and only that one");
  await page.locator(".families button", { hasText: /^All$/ }).click();
  await until(() => lines(page), (count) => count >= all - 3, "all are back", 5);
  const longer = page.getByRole("button", { name: "Show a longer stretch" });
  await longer.click();
  await longer.click();
  await until(() => lines(page), (count) => count > all, "a longer stretch holds more", 20);
  await page.locator(".menu-view > button").click();
  await page.locator(".menu-view ul button", { hasText: "Space-time" }).click();
  await page.locator(".boards svg").first().waitFor({ timeout: 10_000 });
  check((await page.locator(".spacetime").count()) === 0, "the brokers are back");
  none(complaints, "complaints");
}

async function chinese(browser) {
  const { page, complaints } = await visit(browser, "?lang=zh&view=spacetime");
  await pause(page);
  await until(() => lines(page), (count) => count > 3, "messages are drawn", 20);
  await page.locator(".spacetime-table tbody button").first().focus();
  await until(() => told(page), (text) => text.includes("发出"), "it is told in Chinese", 5);
  none(complaints, "complaints");
}

async function phone(browser) {
  const { page, complaints } = await open(browser, { viewport: { width: 390, height: 844 }, hasTouch: true });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  check(!wide, "the page is wider than its window");
  const svg = await page.locator(".spacetime svg[role=img]").boundingBox();
  check(svg.width <= 390, `the diagram is ${svg.width} wide`);
  none(await violations(page), "axe, space-time on a phone");
  none(complaints, "complaints");
}

export const tests = {
  "a message of the space-time diagram is chosen by keys and told": chosen,
  "the space-time diagram is filtered, stretched and left": filtered,
  "the space-time diagram in Chinese": chinese,
  "the space-time diagram on a phone": phone,
};
