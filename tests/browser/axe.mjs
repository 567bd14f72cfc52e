// Every dialog and card, and what an election and a rebalance look like, in both themes and languages: no violation with
// no rule switched off, no complaint.

import { button, headline, none, pause, until, violations, visit } from "./lib.mjs";

/** The key that opens it, and what it is. */
const DIALOGS = { o: "topic", p: "producer", c: "consumer", b: "broker", n: "faults", "?": "keys", v: "list" };
/** Waits for Kafka's own timeouts, which the page plays faster than they are. */
const PATIENCE = 45;

async function close(page) {
  await page.keyboard.press("Escape");
  await page.locator("dialog[open]").waitFor({ state: "detached", timeout: 5_000 });
}

async function looked(page, name) {
  await page.locator("dialog[open]").waitFor({ timeout: 5_000 });
  none(await violations(page), `axe, ${name}`);
  await close(page);
}

async function dialogs(browser, theme, lang) {
  const { page, complaints } = await visit(browser, `?theme=${theme}&lang=${lang}`);
  await pause(page);
  for (const [key, name] of Object.entries(DIALOGS)) {
    await page.locator("main#stage").focus();
    await page.keyboard.press(key);
    await looked(page, `${name}, ${theme}, ${lang}`);
  }
  await page.locator("header.top button.primary").click();
  await looked(page, `share, ${theme}, ${lang}`);
  await page.locator("header.top .menu-add > button").click();
  await page.locator("header.top .menu-add li button").nth(2).click();
  await looked(page, `message, ${theme}, ${lang}`);
  await page.locator("main#stage").focus();
  await page.keyboard.press("l");
  await page.locator(".side button.link").last().click();
  await looked(page, `not modelled, ${theme}, ${lang}`);
  none(complaints, "complaints");
}

/** A refused form, with the hint while typing and the answer of the cluster. */
async function refused(browser, theme) {
  const { page, complaints } = await visit(browser, `?theme=${theme}&lang=en`);
  await page.locator("main#stage").focus();
  await page.keyboard.press("o");
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name", { exact: true }).fill("payments");
  await dialog.getByLabel("Copies (RF)", { exact: true }).fill("5");
  await dialog.getByRole("status").filter({ hasText: "INVALID_REPLICATION_FACTOR" }).waitFor({ timeout: 5_000 });
  none(await violations(page), `axe, hint, ${theme}`);
  await button(dialog, "Create topic").click();
  await dialog.getByRole("alert").filter({ hasText: "INVALID_REPLICATION_FACTOR" }).waitFor({ timeout: 20_000 });
  none(await violations(page), `axe, answer, ${theme}`);
  none(complaints, "complaints");
}

/** The cards about links: one that is none, and one that matches. */
async function cards(browser, theme) {
  const foreign = await visit(browser, `?theme=${theme}#some-anchor`);
  await foreign.page.locator(".notice").waitFor();
  none(await violations(foreign.page), `axe, a foreign link, ${theme}`);
  const { page, complaints } = await visit(browser, `?theme=${theme}`);
  await page.locator("header.top button.primary").click();
  const link = await page.locator("#share-link").inputValue();
  const other = await visit(browser, `?theme=${theme}${link.slice(link.indexOf("#"))}`);
  await other.page.locator(".notice").waitFor({ timeout: 30_000 });
  none(await violations(other.page), `axe, a link that matches, ${theme}`);
  none([...complaints, ...foreign.complaints, ...other.complaints], "complaints");
}

/** Stops while the headline says so, looks, and goes on. */
async function at(page, suits, name) {
  await until(() => headline(page), (line) => suits.test(line), name, PATIENCE);
  await page.locator("footer.time button.play").click();
  none(await violations(page), `axe, ${name}`);
  await page.locator("footer.time button.play").click();
}

async function unrest(browser) {
  const { page, complaints } = await visit(browser, "?theme=dark&lang=en");
  await button(page, "Stop billing-1").click();
  await at(page, /shares (its|the) partitions out/, "mid-rebalance, dark");
  await button(page, "Stop broker 2 at once").click();
  await at(page, /has decided that broker [13] leads|took over|leads orders-1/, "mid-election, dark");
  none(complaints, "complaints");
}

async function terminal(browser) {
  const { page, complaints } = await visit(browser);
  await page.locator("main#stage").focus();
  await page.keyboard.press("t");
  await page.locator("section.terminal").waitFor();
  none(await violations(page), "axe, terminal");
  none(complaints, "complaints");
}

export const tests = {
  "dialogs, light": (browser) => dialogs(browser, "light", "en"),
  "dialogs, dark": (browser) => dialogs(browser, "dark", "en"),
  "dialogs, dark, Chinese": (browser) => dialogs(browser, "dark", "zh"),
  "a refused form, light": (browser) => refused(browser, "light"),
  "a refused form, dark": (browser) => refused(browser, "dark"),
  "cards, light": (browser) => cards(browser, "light"),
  "cards, dark": (browser) => cards(browser, "dark"),
  "mid-rebalance and mid-election, dark": unrest,
  terminal,
};
