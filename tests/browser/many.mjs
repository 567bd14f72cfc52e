// Thousands of partitions: the stage draws a part and says so, a search finds the others, and frames stay short.

import { button, check, none, until, violations, visit } from "./lib.mjs";

/** The longest times between frames, over some seconds. */
function gaps(page, milliseconds) {
  return page.evaluate(
    (length) =>
      new Promise((done) => {
        const found = [];
        let before = performance.now();
        const start = before;
        const frame = (now) => {
          found.push(now - before);
          before = now;
          if (now - start < length) requestAnimationFrame(frame);
          else done(found.sort((a, b) => b - a));
        };
        requestAnimationFrame(frame);
      }),
    milliseconds,
  );
}

async function many(browser) {
  const { page, complaints } = await visit(browser, "?theme=light&lang=en");
  await page.locator("main#stage").focus();
  await page.keyboard.press("t");
  const input = page.locator("section.terminal input");
  for (const line of ["halt", "create-topic many partitions=4900 rf=1", "seek 60s"]) {
    await input.fill(line);
    await input.press("Enter");
    await page.waitForTimeout(300);
  }
  const more = page.locator('main#stage [role=button][aria-label*="more partitions"]');
  await until(() => more.count(), (count) => count === 3, "nothing says what is not drawn", 90);
  await until(() => page.locator("progress#opening").count(), (count) => count === 0, "60 s are not reached", 90);
  await page.keyboard.press("Escape");
  check((await page.locator("main#stage .boards .row, main#stage [data-thing^=row]").count()) <= 310, "too many rows");
  await page.locator("footer.time button.play").click();
  const found = await gaps(page, 4_000);
  console.log(`4,900 partitions: ${found.length} frames, longest ${found.slice(0, 3).map((ms) => ms.toFixed(0)).join(", ")} ms`);
  check(found[Math.floor(found.length / 10)] < 250, `one frame in ten takes ${found[Math.floor(found.length / 10)]} ms`);
  await page.locator("footer.time button.play").click();
  none(await violations(page), "axe, many partitions");
  await more.first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText(/more partitions are not drawn/).waitFor();
  await dialog.getByRole("textbox").fill("many-4821");
  await button(dialog, "many-4821").click();
  await page.locator('main#stage [aria-label^="many-4821,"]').first().waitFor();
  none(complaints, "complaints");
}

export const tests = { "are drawn in part": many };
