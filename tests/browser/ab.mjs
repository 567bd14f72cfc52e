// Two branches beside each other: both stages, one clock, the first difference, the numbers, keys, and a narrow window.

import { button, check, clock, headline, none, pause, terminal, until, violations, visit } from "./lib.mjs";

const halves = (page) => page.locator(".half");
const stages = (page) => page.locator(".half .boards").count();
const alone = (page) => halves(page).first().waitFor({ state: "detached", timeout: 10_000 });
const toStage = (page) => page.locator("main#stage").focus();

/** A branch in which broker 2 is killed, beside one in which it runs, eight seconds later. */
async function forked(browser, options = {}) {
  const { page, complaints } = await visit(browser, "?theme=light&lang=en", options);
  await pause(page);
  await toStage(page);
  await page.keyboard.press("f");
  await until(() => page.locator("footer.time .seg button").count(), (count) => count === 3, "a second branch", 10);
  const { at } = await clock(page);
  const type = await terminal(page);
  await type("kill 2");
  await type(`seek ${Math.floor(at) + 8}s`);
  await until(() => clock(page), (now) => now.at >= at + 7, "eight seconds later", 20);
  await page.keyboard.press("Escape");
  await toStage(page);
  return { page, complaints };
}

/** Both stages are there, each with its canvas, and stand as wanted. */
async function stand(page, wanted) {
  await until(() => stages(page), (count) => count === 2, "two stages", 20);
  const [first, second] = await Promise.all([0, 1].map((place) => halves(page).nth(place).boundingBox()));
  const beside = Math.abs(first.y - second.y) < 2 && second.x >= first.x + first.width - 2;
  const below = Math.abs(first.x - second.x) < 2 && second.y >= first.y + first.height - 2;
  check(wanted === "beside" ? beside : below, `they do not stand ${wanted}: ${JSON.stringify([first, second])}`);
  check((await page.locator(".half canvas").count()) === 2, "a stage has no canvas");
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  check(!wide, "the page is wider than its window");
}

/** Four to six pairs, and sums that come out. */
async function numbers(page) {
  const pairs = await page.locator(".pair").count();
  check(pairs >= 4 && pairs <= 6, `${pairs} pairs`);
  const sums = await page.locator(".sums > p:not(.muted)").allInnerTexts();
  check(sums.length === 2, `${sums.length} sums`);
  for (const text of sums) {
    const [total, ...parts] = text.replaceAll(",", "").match(/\d+/g).map(Number);
    check(total === parts.reduce((sum, part) => sum + part, 0), `the sum does not come out: ${text}`);
  }
}

async function beside(browser) {
  const { page, complaints } = await forked(browser);
  await page.keyboard.press("3");
  await stand(page, "beside");
  check((await page.locator(".half h2 b").allInnerTexts()).join() === "A,B", "A stands before B");
  const titles = (await page.locator(".half h2 .mono").allInnerTexts()).join();
  check(titles === "without: Broker 2 killed,Broker 2 killed", `the titles are ${titles}`);
  await until(() => headline(page), (line) => / in (A|B)/.test(line), "what differs is said", 10);
  await numbers(page);
  none(await violations(page), "axe, two branches");
  const pressed = await page.locator("footer.time .seg button[aria-pressed=true]").allInnerTexts();
  check(pressed.join() === "A | B", `pressed: ${pressed}`);
  none(complaints, "complaints");
}

async function oneClock(browser) {
  const { page, complaints } = await forked(browser);
  await page.keyboard.press("3");
  await stand(page, "beside");
  const late = await clock(page);
  await button(page, "Go to the first difference").click();
  const first = await until(() => clock(page), (now) => now.event < late.event, "the first difference", 10);
  await stand(page, "beside");
  check((await page.locator(".pill").innerText()).startsWith("first difference: event "), "the pill says which event");
  await toStage(page);
  await page.keyboard.press("ArrowRight");
  await until(() => clock(page), (now) => now.event > first.event, "one event on", 10);
  await stand(page, "beside");
  await page.keyboard.press("1");
  await alone(page);
  await page.keyboard.press("3");
  await stand(page, "beside");
  await page.keyboard.press("3");
  await alone(page);
  none(complaints, "complaints");
}

async function below(browser) {
  const { page, complaints } = await forked(browser, { viewport: { width: 800, height: 800 } });
  await page.keyboard.press("3");
  await stand(page, "below");
  none(await violations(page), "axe, two branches below each other");
  none(complaints, "complaints");
}

export const tests = { "two branches beside each other": beside, "one clock moves both": oneClock, "a narrow window": below };
