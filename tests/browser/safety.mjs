// A step after which something is wrong: playing stops there by itself, a card says what and which check says so, and
// leads on, back, or to a fork before it.

import { check, none, picture, until, violations, visit } from "./lib.mjs";

/** A leader that is cut off acknowledges a record with acks=1 and dies with it. */
const LOSS = [
  "halt", "create-topic solo assign=1,2,3", "seek 28s", "add-producer quick solo acks=1", "seek 30s", "cut 1 2", "cut 1 3",
  "send quick kept", "seek 31s", "send quick lost", "seek 33s", "kill 1", "play",
];

async function unsafe(browser, theme, lang, options = {}) {
  const { page, complaints } = await visit(browser, `?theme=${theme}&lang=${lang}&speed=4`, options);
  await page.locator("main#stage").focus();
  await page.keyboard.press("t");
  const input = page.locator("section.terminal input");
  const waiting = page.locator("section.terminal .waits");
  for (const line of LOSS) {
    await input.fill(line);
    await input.press("Enter");
    // A line waits for the answer to the one before, which needs time, or the line after it where the clock stands.
    await page.getByRole("log").getByText(line).last().waitFor();
    await until(() => waiting.count(), (count) => count === 0, "an answer", 1).catch(() => {});
  }
  const card = page.locator(".side .notice.bad");
  await card.waitFor({ timeout: 60_000 });
  await page.keyboard.press("Escape");
  const said = await card.innerText();
  const wanted = lang === "zh" ? /solo-0/ : /Lost write in solo-0: offset 0 was acknowledged/;
  check(wanted.test(said), said);
  none(await violations(page), `axe, unsafe, ${theme}, ${lang}`);
  await picture(page, `unsafe-${theme}-${lang}`);
  const step = lang === "zh" ? /事件 ([\d,]+)/ : /event ([\d,]+)/;
  const event = async () => Number(step.exec(await page.locator("footer.time .clock").innerText())[1].replaceAll(",", ""));
  const at = await event();
  if (!(await card.isVisible())) await page.locator(".open-side").click();
  await card.getByRole("button").nth(1).click();
  await until(event, (now) => now === at - 1, "one step back");
  check((await card.count()) === 0, "the card stands before the step");
  none(complaints, "complaints");
}

export const tests = {
  "light, English": (browser) => unsafe(browser, "light", "en"),
  "dark, Chinese, narrow": (browser) => unsafe(browser, "dark", "zh", { viewport: { width: 900, height: 700 } }),
};
