// A link between two nodes: cut and healed, once by mouse and once by keys alone; and the rest of the main job by keys,
// stopping a consumer and handing on the link.

import { button, check, none, tabTo, until, visit } from "./lib.mjs";

const PATIENCE = 45;

const names = (page) => page.locator("main#stage [role=button]").evaluateAll((all) => all.map((one) => one.ariaLabel));
const told = (page, sentence) => page.locator(".side", { hasText: sentence }).waitFor({ timeout: 10_000 });
const focused = (page) => page.evaluate(() => document.activeElement?.id || document.activeElement?.ariaLabel || "");

async function byMouse(browser) {
  const { page, complaints } = await visit(browser, "?theme=light&lang=en");
  const faults = async () => {
    await button(page, "Faults").click();
    await page.locator("header .sheet button", { hasText: "Cut a link" }).click();
    return page.getByRole("dialog");
  };
  const dialog = await faults();
  const [one, other] = [dialog.getByLabel("Between", { exact: true }), dialog.getByLabel("and", { exact: true })];
  check((await one.inputValue()) !== (await other.inputValue()), "the form proposes a link with one end");
  await button(dialog, "Cut the link").click();
  await dialog.waitFor({ state: "detached" });
  await told(page, /You cut the link/);
  const again = await faults();
  check((await again.locator("ul.cuts li").count()) === 1, "the cut is not listed");
  await button(again, "Heal").click();
  await told(page, /You healed the link/);
  none(complaints, "complaints");
}

async function byKeys(browser) {
  const { page, complaints } = await visit(browser, "?lang=en");
  const stage = async () => {
    await tabTo(page, "a.skip");
    await page.keyboard.press("Enter");
  };
  await stage();
  await page.keyboard.press("n");
  await page.locator("dialog[open]").waitFor();
  await tabTo(page, "dialog #field-other");
  await page.keyboard.press("ArrowDown");
  await tabTo(page, "dialog button[type=submit]");
  await page.keyboard.press("Enter");
  await page.locator("dialog[open]").waitFor({ state: "detached" });
  await told(page, /You cut the link/);
  await stage();
  await page.keyboard.press("n");
  await tabTo(page, "dialog ul.cuts button");
  await page.keyboard.press("Enter");
  await told(page, /You healed the link/);
  await page.keyboard.press("Escape");
  await page.locator("dialog[open]").waitFor({ state: "detached" });
  none(complaints, "complaints");
}

/** A member of a group is stopped on the stage; others read on. Then the link is copied, and leads back here. */
async function stopAndShare(browser) {
  const { page, context, complaints } = await visit(browser, "?lang=en&speed=10");
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await tabTo(page, "[aria-label='Stop billing-1']");
  await page.keyboard.press("Enter");
  const moved = (all) => all.some((name) => /^billing-[23], .*orders-0\b/.test(name));
  await until(() => names(page), moved, "another member reads orders-0", PATIENCE);
  await tabTo(page, "button[aria-label=Share]");
  await page.keyboard.press("Enter");
  await page.locator("dialog[open] #share-link").waitFor();
  check(await page.evaluate(() => document.querySelector("dialog").contains(document.activeElement)), `the focus is on ${await focused(page)}`);
  const link = await page.locator("#share-link").inputValue();
  await tabTo(page, "dialog .copy-line button");
  await page.keyboard.press("Enter");
  const copied = await until(() => page.evaluate(() => navigator.clipboard.readText()), (text) => text === link, "the link is not copied", 5);
  await page.keyboard.press("Escape");
  none(complaints, "complaints");
  const other = await browser.newContext({ locale: "en-US", viewport: { width: 1440, height: 900 } });
  const stranger = await other.newPage();
  await stranger.goto(copied);
  await stranger.getByRole("heading", { name: "The state matches" }).waitFor({ timeout: PATIENCE * 1_000 });
}

export const tests = {
  "a link is cut by mouse": byMouse,
  "a link is cut by keys": byKeys,
  "a consumer is stopped and the link handed on by keys": stopAndShare,
};
