// The rooms for looking closely: meters with their sliders, a record opened by an address, what a reader was given and the
// sketch of a pushing broker, what the programs around clients do. One page a room, with many questions to it.

import { check, clock, none, pause, terminal, until, violations, visit } from "./lib.mjs";

const PHONE = { viewport: { width: 360, height: 780 }, hasTouch: true, isMobile: true };

/** Boxes of these elements that lie over each other, in words. */
const overlaps = (page, selectors) => page.evaluate((selectors) => {
  const boxes = (one) => selectors.flatMap((selector) => [...one.querySelectorAll(selector)].map((part) => {
    const { left, top, right, bottom } = part.getBoundingClientRect();
    return { left, top, right, bottom, text: part.textContent };
  }));
  return [...document.querySelectorAll(".meters .meter")].flatMap((one) => {
    const all = boxes(one);
    return all.flatMap((a, place) => all.slice(place + 1)
      .filter((b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1)
      .map((b) => `${a.text} / ${b.text}`));
  });
}, selectors);

/** What a finger is to press and is too low for it. */
const tooLow = (page, scope) => page.evaluate((scope) => [...document.querySelectorAll(scope)]
  .filter((part) => part.checkVisibility() && part.getBoundingClientRect().height < 43.5)
  .map((part) => `${part.ariaLabel ?? part.textContent}: ${part.getBoundingClientRect().height}`), scope);

const isTooWide = (page) => page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
const note = (page) => page.locator(".meters-head .note").innerText();
const titles = (page) => page.locator(".meter-words b").allInnerTexts();
/** A point of the first chart, as a share of its width. */
async function across(page, share) {
  const { x, y, width, height } = await page.locator(".meter-plot").first().boundingBox();
  return [x + width * share, y + height / 2];
}

async function meters(browser) {
  const { page, context, complaints } = await visit(browser, "?lang=en&theme=light&speed=50&until=45s");
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.locator("main#stage").focus();
  await page.keyboard.press("g");
  await until(() => clock(page), ({ at }) => at === 45, "45 s");
  await until(() => note(page), (text) => text.startsWith("Sampled every 200 ms"), "the meters are not told");
  check((await titles(page)).join() === "Records in per second,Answer time of a request,Lag by group,Under-replicated partitions", (await titles(page)).join());
  none(await overlaps(page, [".meter-words > *", ".meter-values > *", ".meter-ground"]), "words lie over each other");
  await reading(page);
  await stretch(page);
  await page.locator(".meters summary").click();
  await page.getByRole("checkbox", { name: "Busy share" }).check();
  check((await titles(page)).includes("Busy share"), "no chart of busy shares");
  none(await violations(page), "axe, meters");
  await page.locator(".meters summary").click();
  await sliders(page);
  await page.locator("main#stage").focus();
  await page.keyboard.press("g");
  await page.locator(".meters").waitFor({ state: "detached" });
  none(complaints, "complaints");
}

/** The pointer reads an instant, and leaves it; a press goes there. */
async function reading(page) {
  const at = () => page.locator(".meter-at").innerText();
  check((await at()) === "at 45.000 s", await at());
  await page.mouse.move(...(await across(page, 0.5)));
  await until(at, (text) => /^at (29|30)\./.test(text), "the pointer reads nothing", 5);
  check(/^p50 \d/.test(await page.locator(".meter-values li").nth(1).innerText()), "no times of answers at 30 s");
  await page.mouse.click(...(await across(page, 0.5)));
  await until(() => clock(page), ({ at }) => at > 29 && at < 31, "a press goes nowhere", 10);
  await page.mouse.click(...(await across(page, 0.75)));
  await until(() => clock(page), ({ at }) => at > 44, "there is no way forward", 10);
  await page.mouse.move(0, 0);
}

/** A stretch is dragged, copied as a table, drawn alone, and left. */
async function stretch(page) {
  const button = (name) => page.locator(".meters-head").getByRole("button", { name, exact: true });
  check((await button("Whole run").count()) === 0, "there is a way back from nowhere");
  await page.mouse.move(...(await across(page, 0.4)));
  await page.mouse.down();
  await page.mouse.move(...(await across(page, 0.5)), { steps: 4 });
  await page.mouse.up();
  const said = await page.locator(".meters-head .pill").innerText();
  const [from, until_] = [.../([\d.]+) s to ([\d.]+) s selected/.exec(said) ?? [said, said, said]].slice(1).map(Number);
  check(until_ - from > 5 && until_ - from < 7, said);
  await button("Copy as CSV").click();
  const csv = await until(() => page.evaluate(() => navigator.clipboard.readText()), (text) => text.startsWith("seconds,"), "nothing is copied", 5);
  const [head, ...rows] = csv.trimEnd().split("\n");
  check(head === "seconds,MessagesInPerSec topic=orders,TotalTimeMs request=Produce p50,TotalTimeMs request=Produce p99,records-lag group=billing,UnderReplicatedPartitions", head);
  check(Math.abs(rows.length - (until_ - from) * 5) < 2, `${rows.length} rows of ${said}`);
  check(rows.every((row) => Number(row.split(",")[0]) >= from && Number(row.split(",")[1]) > 0), rows[0]);
  await button("Zoom to it").click();
  const first = () => page.locator(".meter-scale text").first().textContent();
  await until(first, (text) => parseFloat(text) === from, "the scale is that of the stretch", 5);
  await button("Whole run").click();
  await until(first, (text) => text === "0 s", "the scale is whole again", 5);
}

/** A slider closes a producer and lets another go on; what both came to is a point each. */
async function sliders(page) {
  const curve = page.locator(".meter-curve");
  await curve.scrollIntoViewIfNeeded();
  await curve.locator("select").selectOption("web");
  const linger = curve.getByRole("slider").first();
  check((await linger.getAttribute("aria-valuetext")) === "linger.ms=210", await linger.getAttribute("aria-valuetext"));
  await linger.focus();
  await page.keyboard.press("Home");
  const names = () => curve.locator("option").allInnerTexts();
  // It plays to where it was to stop, and on from there.
  await page.locator("footer.time button.play").click();
  await until(() => clock(page), ({ at }) => at === 45, "45 s again");
  await page.locator("footer.time button.play").click();
  await until(names, (all) => all.includes("web-2") && !all.includes("web"), "no producer goes on", 20);
  check((await curve.locator("select").inputValue()) === "web-2", "another one is chosen");
  check((await linger.getAttribute("aria-valuetext")) === "linger.ms=0", "it goes on with other settings");
  const points = () => curve.locator("ol li").allInnerTexts();
  await until(points, (all) => all.some((one) => /^web-2: linger.ms=0, batch.size=16384: \d.*\/s, p50 \d/.test(one)), "no point of its own", 20);
  await pause(page);
  const wide = await curve.locator("svg").boundingBox();
  const texts = await curve.locator("svg text").evaluateAll((all) => all.filter((one) => one.textContent).map((one) => one.getBoundingClientRect().toJSON()));
  check(texts.every((text) => text.left >= wide.x - 1 && text.right <= wide.x + wide.width + 1), "a name is cut off");
}

/** Charts that an address names, where there is little room. */
async function metersOnAPhone(browser) {
  const { page, complaints } = await visit(browser, "?lang=zh&theme=dark&speed=50&until=40s&meters=TotalTimeMs,busy,nothing", PHONE);
  await page.locator(".toast", { hasText: "nothing" }).waitFor();
  await until(() => clock(page), ({ at }) => at === 40, "40 s");
  await until(() => page.locator(".meter-values b").allInnerTexts(), (all) => all.length > 3 && /\d/.test(all[0]), "no values");
  check((await titles(page)).join() === "请求应答耗时,忙碌占比", (await titles(page)).join());
  none(await overlaps(page, [".meter-words b", ".meter-values li", ".meter-ground"]), "words lie over each other");
  check(!(await isTooWide(page)), "the page is wider than its window");
  await page.locator(".meters summary").tap();
  none(await tooLow(page, ".meters :is(button, summary, label, select)"), "too low for a finger");
  none(await violations(page), "axe, meters on a phone");
  none(complaints, "complaints");
}

const side = (page) => page.locator("aside.side");
const tab = (page, name) => side(page).getByRole("tab", { name, exact: true }).click();

/** By an address; then along the log, and against it. */
async function record(browser) {
  const { page, complaints } = await visit(browser, "?lang=en&theme=dark&speed=20&select=orders-0@12");
  const title = () => side(page).locator(".contents h3").first().innerText();
  await until(title, (text) => text.startsWith("offset 12"), "the record is not opened", 20);
  await pause(page);
  const hex = await side(page).locator(".hex").first().innerText();
  check(/^0000 {2}([\da-f]{2} ){6}[\da-f]{2} +order-\d/.test(hex), hex);
  await side(page).getByRole("button", { name: "Record after" }).click();
  check((await title()).startsWith("offset 13"), await title());
  check((await side(page).locator("ol.way li").count()) === 3, "how it is found is not told");
  const change = side(page).locator("details", { hasText: "Change this record?" });
  await change.locator("summary").click();
  check((await change.locator("p").innerText()).length > 40, "a change is not refused in words");
  await side(page).locator(".to-open").last().click();
  await until(title, (text) => Number(/\d+/.exec(text)) > 13, "a cell does not open", 5);
  check((await side(page).locator(".to-open.on").count()) === 1, "which one is open is not shown");
  none(await violations(page), "axe, an opened record");
  await programs(page);
  none(complaints, "complaints");
}

const state = (page) => side(page).locator(".tab-body").innerText();
const inspect = async (page, name) => {
  await page.locator(`[data-thing="${name}"]`).focus();
  await page.keyboard.press("Enter");
  await tab(page, "State");
};

/** What a reader was given and would have to bear, what it is told, and what other programs do. */
async function programs(page) {
  await inspect(page, "member-billing-1");
  const strip = side(page).locator(".arrivals");
  check(/^web|^app/.test(await strip.locator("svg").getAttribute("aria-label")), await strip.locator("svg").getAttribute("aria-label"));
  check((await strip.innerText()).includes("None came after a later one."), await strip.innerText());
  await page.locator("footer.time button.play").click();
  await side(page).getByRole("button", { name: "Work 100 ms per record" }).click();
  const sketch = side(page).locator("details.sketch");
  await sketch.locator("summary").click({ timeout: 20_000 });
  check(/billing-1\s+10\/s/.test(await sketch.locator("table").innerText()), await sketch.locator("table").innerText());
  await side(page).getByRole("button", { name: "Pause its partitions" }).click();
  await side(page).getByRole("button", { name: "Resume its partitions" }).waitFor({ timeout: 20_000 });
  const type = await terminal(page);
  await type("add-consumer bank audit orders auto.offset.reset=earliest app.commit=after app.sink=db");
  await type("add-producer till orders every=200ms app.send=wait app.headers=from:till");
  await page.keyboard.press("Escape");
  await page.locator('[data-thing="producer-till"]').waitFor({ timeout: 20_000 });
  await inspect(page, "producer-till");
  await until(() => state(page), (text) => text.includes("waits for the answer (app.send=wait)") && text.includes("from:till"), "what it does is not told", 20);
  await inspect(page, "member-bank");
  await until(() => state(page), (text) => text.includes("after the work (commitSync)") && /Store db, outside Kafka/.test(text), "when it commits is not told", 20);
  await pause(page);
  none(await violations(page), "axe, programs");
}

/** On a phone the same opens as a sheet, and a finger can press what is there. */
async function recordOnAPhone(browser) {
  const { page, complaints } = await visit(browser, "?lang=zh&theme=light&speed=50&until=30s&select=orders-0@12", PHONE);
  await until(() => side(page).locator(".contents h3").first().innerText(), (text) => /12/.test(text), "the record is not opened", 20);
  await until(() => clock(page), ({ at }) => at === 30, "30 s");
  none(await tooLow(page, ".side :is(button, summary)"), "too low for a finger");
  check(!(await isTooWide(page)), "the page is wider than its window");
  none(await violations(page), "axe, an opened record on a phone");
  none(complaints, "complaints");
}

export const tests = {
  "meters: read, stretched, copied, tuned": meters,
  "meters on a phone, by address": metersOnAPhone,
  "a record and programs, opened": record,
  "a record on a phone": recordOnAPhone,
};
