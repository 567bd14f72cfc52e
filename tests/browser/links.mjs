// Links that cannot be opened as they are: the page is never empty, and one sentence says what is wrong.

import { check, none, visit } from "./lib.mjs";

const BROKEN = {
  "foreign": "#some-anchor-of-another-page",
  "empty": "#b1.",
  "damaged": "#b1.AAAA____not-a-link",
  "of the future": "#b9.AAAA",
  "hostile": `#b1.${"A".repeat(20_000)}`,
};

async function opens(browser, fragment) {
  const { page, complaints } = await visit(browser, fragment);
  const notice = page.locator("[role=status], [role=alert]").filter({ hasText: /\S/ });
  await notice.first().waitFor({ timeout: 5_000 });
  check((await page.locator("main#stage svg").count()) > 0, "the page is empty");
  none(complaints, "complaints");
}

export const tests = Object.fromEntries(
  Object.entries(BROKEN).map(([name, fragment]) => [name, (browser) => opens(browser, fragment)]),
);
