// "Copied" is said when the browser has copied. Where it forbids that, the link is selected and the reader is told how.

import { check, none, OTHER_SITE, PAGE, ready, violations, visit, watch } from "./lib.mjs";

async function allowed(browser) {
  const options = { permissions: ["clipboard-read", "clipboard-write"] };
  const { page, complaints } = await visit(browser, "?lang=en", options);
  await page.locator("header.top button.primary").click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Copy", exact: true }).click();
  await dialog.getByRole("status").filter({ hasText: "The link is copied." }).waitFor();
  const link = await page.locator("#share-link").inputValue();
  check((await page.evaluate(() => navigator.clipboard.readText())) === link, "something else was copied");
  none(complaints, "complaints");
}

/** A frame of another origin, to which its host has not delegated copying. */
async function forbidden(browser, address) {
  const page = await (await browser.newContext({ viewport: { width: 1500, height: 1000 }, locale: "en-US" })).newPage();
  const complaints = watch(page);
  await page.goto(`${OTHER_SITE}host.html?width=1440&height=800&page=${encodeURIComponent(PAGE + address)}`);
  const frame = page.frameLocator("iframe");
  await ready(frame);
  await frame.locator(".title-bar a").click();
  const dialog = frame.locator("dialog[open]");
  await dialog.getByRole("button", { name: /^(Copy|复制)$/ }).click();
  await dialog.getByRole("status").filter({ hasText: /copy it by hand|请手动复制/ }).waitFor();
  check((await dialog.getByText(/The link is copied|链接已复制/).count()) === 0, "it says both");
  const selected = await dialog.locator("#share-link").evaluate((field) => {
    const all = field.selectionStart === 0 && field.selectionEnd === field.value.length;
    return all && document.activeElement === field;
  });
  check(selected, "the link is not selected");
  const inner = page.frames().find((one) => one.url().startsWith(PAGE));
  none(await violations(inner), "axe, copy by hand");
  none(complaints.filter((text) => !/allow-popups|permissions policy/i.test(text)), "complaints");
}

export const tests = {
  "copies": allowed,
  "is not allowed to": (browser) => forbidden(browser, "?embed=1&lang=en&theme=light"),
  "is not allowed to, Chinese, dark": (browser) => forbidden(browser, "?embed=1&lang=zh&theme=dark"),
};
