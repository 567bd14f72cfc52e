// Inside a page of another origin, in a sandbox without storage: no chrome, paused, and the host keeps the focus.

import { check, none, OTHER_SITE, PAGE, watch } from "./lib.mjs";

async function sandboxed(browser) {
  const page = await (await browser.newContext({ viewport: { width: 800, height: 600 } })).newPage();
  const complaints = watch(page);
  await page.goto(`${OTHER_SITE}host.html?page=${encodeURIComponent(`${PAGE}?embed=1`)}`);
  const frame = page.frameLocator("iframe");
  await frame.locator("main#stage svg").first().waitFor({ timeout: 30_000 });
  const clock = frame.locator("footer.time .clock");
  const before = await clock.innerText();
  await page.waitForTimeout(1_000);
  check((await clock.innerText()) === before, "an embedded page must start paused");
  check(!(await frame.locator("header.top").isVisible()), "an embedded page must hide its header");
  const focus = await page.evaluate(() => document.activeElement?.tagName);
  check(focus !== "IFRAME", "an embedded page took the focus");
  none(complaints, "complaints");
}

async function spokenTo(browser) {
  const page = await (await browser.newContext({ viewport: { width: 800, height: 600 } })).newPage();
  await page.goto(`${OTHER_SITE}host.html?page=${encodeURIComponent(`${PAGE}?embed=1`)}`);
  const answers = page.locator("#answers");
  await page.frameLocator("iframe").locator("main#stage svg").first().waitFor({ timeout: 30_000 });
  await page.getByRole("button", { name: "getState" }).click();
  await answers.getByText("state").first().waitFor({ timeout: 5_000 });
}

export const tests = { "in a sandbox": sandboxed, "answers its host": spokenTo };
