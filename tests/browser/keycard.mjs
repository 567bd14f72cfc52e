// The card beside a key: shown for whatever is pointed at, gone when the pointer goes, never under it and never out of the
// window; by mouse, by finger and by keys.

import { button, check, clock, none, pause, tabTo, terminal, until, violations, visit } from "./lib.mjs";

const CARD = "#key-card";

/** The middle of the nth key that is drawn inside a thing of the stage; `null` where it has none. */
const keyOf = (page, thing, index = 0) =>
  page.evaluate(([name, place]) => {
    const hit = document.querySelector(`[data-thing="${name}"]`);
    const boxes = [...(hit?.parentElement.querySelectorAll(".kl") ?? [])].map((letter) => letter.parentElement.getBoundingClientRect());
    const box = boxes.at(place);
    return box ? { x: box.x + box.width / 2, y: box.y + box.height / 2 } : null;
  }, [thing, index]);

const gone = (page, what) => until(() => page.locator(CARD).count(), (count) => count === 0, what, 5);
const card = async (page, text, what) => {
  await until(async () => ((await page.locator(CARD).count()) ? page.locator(CARD).innerText() : ""), (said) => said.includes(text), what, 5);
  return page.locator(CARD).innerText();
};

/** Wholly in the window, and not under the pointer. */
async function stands(page, at) {
  const box = await page.locator(CARD).boundingBox();
  const { width, height } = page.viewportSize();
  check(box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height, `the card is out of the window: ${JSON.stringify(box)}`);
  const over = at.x >= box.x && at.x <= box.x + box.width && at.y >= box.y && at.y <= box.y + box.height;
  check(!over, `the card is under the pointer: ${JSON.stringify(box)}, ${JSON.stringify(at)}`);
}

async function byMouse(browser) {
  const { page, complaints } = await visit(browser, "?theme=light&lang=en");
  await pause(page);
  const at = await keyOf(page, "producer-web");
  await page.mouse.move(at.x, at.y);
  const said = await card(page, "order-1", "the card of web's first key");
  for (const part of ["murmur2(order-1) = 1221710326", "& 0x7fffffff = 1221710326, % 3 = 1", "It goes to orders-1."]) {
    check(said.includes(part), `“${part}” is missing in “${said}”`);
  }
  await stands(page, at);
  check((await page.locator(".cell.lit, .cell.on").count()) + (await page.locator(".cell.dim").count()) > 0, "nothing is lit");
  none(await violations(page), "axe, with a card");
  // In one jump, as a fast hand does.
  await page.mouse.move(700, 20);
  await gone(page, "the pointer has gone to the header");
  check((await page.locator(".cell.dim").count()) === 0, "keys stay lit");
  await page.mouse.move(at.x, at.y);
  await card(page, "order-1", "the card again");
  await page.mouse.move(at.x, -40);
  await gone(page, "the pointer has left the window");
  for (const index of [0, -1]) {
    const cell = await keyOf(page, "row-orders-1", index);
    await page.mouse.move(cell.x, cell.y);
    const record = await card(page, "Offset", "the card of a record");
    check(/orders-1/.test(record) && /(Committed on|not below HW)/.test(record) && /billing/.test(record), `a record's card says “${record}”`);
    await stands(page, cell);
  }
  await page.keyboard.press("Escape");
  await gone(page, "Escape takes the card away");
  none(complaints, "complaints");
}

/** The row moves on under a pointer that rests. */
async function atRest(browser) {
  const { page, complaints } = await visit(browser, "?lang=en");
  await pause(page);
  const enter = await terminal(page);
  await enter("seek 40s");
  await page.keyboard.press("Escape");
  await page.locator("section.terminal").waitFor({ state: "detached" });
  await until(() => clock(page), ({ at }) => at === 40, "forty seconds");
  const cell = await keyOf(page, "row-orders-1", -1);
  await page.mouse.move(cell.x, cell.y);
  const offset = async () => Number(/Offset\s+(\d+)/.exec(await card(page, "Offset", "a record's card"))[1]);
  const first = await offset();
  await page.locator("main#stage").focus();
  await page.keyboard.press(".");
  await until(offset, (now) => now > first, "the card follows what lies under the pointer", 30);
  none(complaints, "complaints");
}

async function byKeys(browser) {
  const { page, complaints } = await visit(browser, "?lang=en");
  await pause(page);
  const { event } = await clock(page);
  const told = () => page.locator("#key-told").innerText();
  await tabTo(page, "[data-thing=producer-web]");
  await page.keyboard.press("ArrowRight");
  await until(told, (said) => said.startsWith("order-1, "), "the first key is told", 5);
  await page.keyboard.press("ArrowRight");
  await until(told, (said) => said.startsWith("order-2, "), "the second key is told", 5);
  await stands(page, await keyOf(page, "producer-web", 1));
  await tabTo(page, "[data-thing=row-orders-0]");
  await gone(page, "the focus has gone on");
  await page.keyboard.press("ArrowLeft");
  await until(told, (said) => said.includes("orders-0, offset"), "the newest record is told", 5);
  check((await clock(page)).event === event, "the arrows have stepped time");
  await page.keyboard.press("Alt+ArrowRight");
  await until(() => clock(page), (now) => now.event === event + 1, "Alt steps time", 5);
  await page.keyboard.press("Escape");
  await gone(page, "Escape takes the card away");
  none(complaints, "complaints");
}

async function byFinger(browser) {
  const { page, complaints } = await visit(browser, "?lang=zh", { hasTouch: true, viewport: { width: 1180, height: 820 } });
  await pause(page);
  const at = await keyOf(page, "producer-web");
  await page.touchscreen.tap(at.x, at.y);
  const said = await card(page, "order-1", "a tap shows the card");
  check(said.includes("它去 orders-1。"), `in Chinese it says “${said}”`);
  await stands(page, at);
  await page.touchscreen.tap(300, 30);
  await gone(page, "a tap elsewhere hides it");
  none(complaints, "complaints");
}

/** Nothing is done by the question. */
async function whereTo(browser) {
  const { page, complaints } = await visit(browser, "?lang=en");
  await pause(page);
  const enter = await terminal(page);
  await enter("where orders key=order-4");
  const log = page.getByRole("log");
  await log.getByText("% 3 = 2", { exact: false }).waitFor();
  await log.getByText(/orders-2; broker 3 leads it\./).waitFor();
  check((await page.locator(".toasts.acts .toast").count()) === 0, "something was done");
  await enter("where nope key=a");
  await log.getByText("There is no topic nope.").waitFor();
  check((await button(page, "Undo").count()) === 0 || (await button(page, "Undo").getAttribute("aria-disabled")) !== null, "there is something to undo");
  none(complaints, "complaints");
}

export const tests = {
  "by mouse": byMouse,
  "under a resting pointer": atRest,
  "by keys": byKeys,
  "by finger, Chinese": byFinger,
  "where a key would go": whereTo,
};
