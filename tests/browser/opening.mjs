// The first visit: something alive and understandable, in both languages, all themes, wide and narrow.

import { check, none, pause, picture, violations, visit } from "./lib.mjs";

async function look(browser, { address, name, options }) {
  const { page, complaints } = await visit(browser, address, options);
  await page.waitForTimeout(1_500);
  await pause(page);
  await picture(page, name);
  none(await violations(page), `axe, ${name}`);
  none(complaints, `complaints, ${name}`);
  return page;
}

async function moves(browser) {
  const { page, complaints } = await visit(browser);
  const clock = page.locator("footer.time .clock");
  const before = await clock.innerText();
  await page.waitForTimeout(1_000);
  check((await clock.innerText()) !== before, "the clock of the opening scene stands still");
  none(complaints, "complaints");
}

export const tests = {
  "is alive": moves,
  "light, English": (browser) => look(browser, { address: "?theme=light&lang=en", name: "opening-light" }),
  "dark, English": (browser) => look(browser, { address: "?theme=dark&lang=en", name: "opening-dark" }),
  "light, Chinese": (browser) => look(browser, { address: "?theme=light&lang=zh", name: "opening-zh" }),
  "projector": (browser) => look(browser, { address: "?theme=projector", name: "opening-projector" }),
  "contrast": (browser) => look(browser, { address: "?theme=contrast", name: "opening-contrast" }),
  "phone": (browser) =>
    look(browser, { address: "?theme=light", name: "phone", options: { viewport: { width: 360, height: 780 }, hasTouch: true } }),
};

/** What measures time. */
export const alone = ["is alive"];
