// Thousands of partitions: brokers become bars that hold all of them, a search finds each, and frames stay short.

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
  await until(() => page.locator("progress#opening").count(), (count) => count === 0, "60 s are not reached", 90);
  await page.keyboard.press("Escape");
  await page.locator("header.top").getByText(/3 brokers|Three brokers/i).first().waitFor();
  check((await page.locator("main#stage *").count()) <= 3_000, "too many elements");
  check((await page.locator("main#stage [data-thing^=broker-]").count()) === 3, "not all brokers are seen");
  await page.locator("footer.time button.play").click();
  const found = await gaps(page, 4_000);
  console.log(`4,900 partitions: ${found.length} frames, longest ${found.slice(0, 3).map((ms) => ms.toFixed(0)).join(", ")} ms`);
  check(found[Math.floor(found.length / 10)] < 250, `one frame in ten takes ${found[Math.floor(found.length / 10)]} ms`);
  await page.locator("footer.time button.play").click();
  none(await violations(page), "axe, many partitions");
  await page.locator("main#stage").focus();
  await page.keyboard.press("/");
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox").fill("many-4821");
  await button(dialog, "many-4821").click();
  await page.locator("aside.side").getByText("many-4821").first().waitFor();
  none(complaints, "complaints");
}

export const tests = { "are summed up": many };

/** What measures time. */
export const alone = ["are summed up"];
