// What an experiment may cost: reaching a limit pauses with a card that says which, through whom and what would help, and
// leads on. Nothing dies.

import { check, clock, none, picture, ready, until, violations, visit } from "./lib.mjs";

/** Letters that no packing makes smaller, the same every time. */
function noise(length) {
  let state = 1;
  const letter = () => {
    state = (state * 48_271) % 2_147_483_647;
    return (state % 36).toString(36);
  };
  return Array.from({ length }, letter).join("");
}

/** Disks that nobody looks after: 200 records a second, each with a key of 16 KB that cannot be packed. */
async function records(browser, theme, lang) {
  const { page, complaints } = await visit(browser, `?theme=${theme}&lang=${lang}&speed=100`);
  await page.locator("main#stage").focus();
  await page.keyboard.press("t");
  const input = page.locator("section.terminal input");
  await input.fill(`add-producer big orders keys=${noise(16_000)} every=5ms size=48500`);
  await input.press("Enter");
  await page.keyboard.press("Escape");
  const card = page.locator(".side .notice.budget");
  await card.waitFor({ timeout: 100_000 });
  const said = await card.innerText();
  check(/big/.test(said) && /\d+ MB/.test(said), said);
  none(await violations(page), `axe, a limit, ${theme}, ${lang}`);
  await picture(page, `budget-${theme}-${lang}`);
  const before = await clock(page);
  await page.waitForTimeout(1_000);
  check((await clock(page)).at === before.at, "it goes on by itself");
  await card.getByRole("button").last().click();
  await until(() => clock(page), ({ at }) => at > before.at, "it does not go on");
  await ready(page);
  none(complaints, "complaints");
}

export const tests = {
  "records, light, English": (browser) => records(browser, "light", "en"),
  "records, dark, Chinese": (browser) => records(browser, "dark", "zh"),
};
