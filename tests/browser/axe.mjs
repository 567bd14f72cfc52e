// Every dialog, opened by its key, in both themes: no violation with no rule switched off, no complaint.

import { none, pause, violations, visit } from "./lib.mjs";

/** The key that opens it, and what it is. */
const DIALOGS = { o: "topic", p: "producer", c: "consumer", b: "broker", n: "faults", "?": "keys", v: "list" };

async function dialogs(browser, theme) {
  const { page, complaints } = await visit(browser, `?theme=${theme}`);
  await pause(page);
  for (const [key, name] of Object.entries(DIALOGS)) {
    await page.locator("main#stage").focus();
    await page.keyboard.press(key);
    await page.locator("dialog[open]").waitFor({ timeout: 5_000 });
    none(await violations(page), `axe, ${name}, ${theme}`);
    await page.keyboard.press("Escape");
    await page.locator("dialog[open]").waitFor({ state: "detached", timeout: 5_000 });
  }
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
  "dialogs, light": (browser) => dialogs(browser, "light"),
  "dialogs, dark": (browser) => dialogs(browser, "dark"),
  terminal,
};
