// The main job without a pointer: the keys of the list under `?`, Tab and Enter, and the terminal's lines.

import { check, clock, headline, ledger, none, tabTo, until, violations, visit } from "./lib.mjs";

/** Waits for Kafka's own timeouts, which the page plays faster than they are. */
const PATIENCE = 45;

const names = (page) => page.locator("main#stage [role=button]").evaluateAll((all) => all.map((one) => one.ariaLabel));
const focused = (page) => page.evaluate(() => document.activeElement?.ariaLabel ?? document.activeElement?.id);

/** From anywhere to the stage, as the skip link offers it first. */
async function toStage(page) {
  await tabTo(page, "a.skip");
  await page.keyboard.press("Enter");
  check((await focused(page)) === "stage", `the skip link leads to ${await focused(page)}`);
  check(!page.url().includes("#stage"), `the skip link has changed the address to ${page.url()}`);
  check((await page.locator(".notice").count()) === 0, "the skip link was taken for a link to an experiment");
}

/** Opens a dialog by its key and types into its fields in their order; `null` leaves a field as it is. */
async function form(page, key, values) {
  await page.keyboard.press(key);
  await page.locator("dialog[open]").waitFor({ timeout: 5_000 });
  await until(() => page.evaluate(() => document.activeElement.matches("dialog input, dialog select")), Boolean, "the first field has the focus", 5);
  for (const [index, value] of values.entries()) {
    if (index > 0) await page.keyboard.press("Tab");
    if (value === null) continue;
    await page.keyboard.press("Control+a");
    await page.keyboard.type(value);
  }
  await page.keyboard.press("Enter");
}

const closed = (page) => page.locator("dialog[open]").waitFor({ state: "detached", timeout: 20_000 });

/** Waits at a higher tempo; typing is done at the page's own, as people do it. */
async function soon(page, read, suits, what, seconds) {
  for (let count = 0; count < 4; count += 1) await page.keyboard.press("w");
  await until(read, suits, what, seconds);
  await page.keyboard.press("0");
}

async function byKeys(browser) {
  const { page, complaints } = await visit(browser, "?theme=light&lang=en");
  const sent = await ledger(page, "sent");
  await until(() => ledger(page, "sent"), (now) => now > sent, "the opening scene sends messages");
  await toStage(page);
  await form(page, "o", ["payments", "3", "5"]);
  await page.locator("dialog [role=alert]", { hasText: "INVALID_REPLICATION_FACTOR" }).waitFor({ timeout: 20_000 });
  await page.keyboard.press("Control+a");
  await page.keyboard.type("3");
  await page.keyboard.press("Enter");
  await closed(page);
  await soon(page, () => names(page), (all) => all.some((name) => name.startsWith("payments-2,")), "payments is on the stage");
  await toStage(page);
  await form(page, "p", ["till", "payments", "invoice-7"]);
  await closed(page);
  await soon(page, () => names(page), (all) => all.some((name) => /^payments-\d, .*leads, 0–[1-9]/.test(name)), "till's messages arrive");
  await toStage(page);
  await form(page, "c", ["audit"]);
  await closed(page);
  await soon(page, () => names(page), (all) => all.some((name) => name.startsWith("audit-1")), "audit-1 is on the stage");
  await killAndReturn(page);
  none(complaints, "complaints");
}

/** Broker 2 is selected and stopped; time goes back event by event and forks there. */
async function killAndReturn(page) {
  await tabTo(page, "[data-thing=broker-2]");
  await page.keyboard.press("Enter");
  await page.keyboard.press("k");
  await until(() => headline(page), (line) => line.startsWith("Broker 2 was killed"), "broker 2 stops", 5);
  // Escape lets go of the selection, so that arrows step time again.
  await page.keyboard.press("Escape");
  await soon(page, () => headline(page), (line) => /Broker [13] leads orders-1 (now|and)/.test(line), "who takes over", PATIENCE);
  await page.keyboard.press(".");
  await page.locator("button.play use[href='#i-play']").waitFor({ state: "attached" });
  none(await violations(page), "axe, after the election");
  await steps(page);
  await page.keyboard.press("f");
  await until(() => page.locator("footer.time .seg button").count(), (count) => count === 3, "a second branch", 10);
  await compare(page);
}

/** Both branches beside each other, by the key 3; the same key shows one alone again. */
async function compare(page) {
  await page.keyboard.press("3");
  const names = page.locator(".half h2 b");
  await until(() => names.allInnerTexts(), (names) => names.join() === "A,B", "both branches", 10);
  await until(() => page.locator(".half .boards").count(), (count) => count === 2, "both stages", 10);
  none(await violations(page), "axe, two branches");
  await page.keyboard.press("3");
  await names.first().waitFor({ state: "detached", timeout: 10_000 });
}

async function steps(page) {
  const { event } = await clock(page);
  const reach = (wanted) => until(() => clock(page), (now) => now.event === wanted, `event ${wanted}`, 10);
  await page.keyboard.press("ArrowLeft");
  await reach(event - 1);
  await page.keyboard.press("ArrowRight");
  await reach(event);
  await page.keyboard.press("Shift+ArrowRight");
  const seen = await until(() => clock(page), (now) => now.event > event, "the next visible event", 10);
  await page.keyboard.press("Shift+ArrowLeft");
  await until(() => clock(page), (now) => now.event < seen.event, "the visible event before", 10);
  await page.keyboard.press("Home");
  await until(() => clock(page), (now) => now.event < event, "the start", 10);
  await page.keyboard.press("End");
  await reach(seen.event);
}

async function byTerminal(browser) {
  const { page, complaints } = await visit(browser, "?lang=en&speed=10");
  await toStage(page);
  await page.keyboard.press("t");
  await page.locator("section.terminal").waitFor();
  const log = page.getByRole("log");
  const enter = async (line) => {
    await page.keyboard.type(line);
    await page.keyboard.press("Enter");
    await log.getByText(line).first().waitFor();
  };
  const state = (suits, what) => until(() => names(page), (all) => all.some((name) => suits.test(name)), what, PATIENCE);
  await enter("create-topic payments partitions=2 rf=3");
  await state(/^payments-1, Broker \d, leads/, "payments leads");
  await enter("send web paid key=invoice-7 topic=payments");
  await state(/^payments-\d, Broker \d, leads, 0–1\b/, "the message is on a partition");
  await enter("kill 2");
  await state(/^orders-1, Broker [13], leads/, "another broker leads orders-1");
  await enter("start 2");
  await state(/^Stop broker 2 at once$/, "broker 2 runs again");
  await enter("kill nobody");
  check((await log.locator(".e").count()) > 0, "a wrong name is not complained about");
  none(complaints, "complaints");
}

/** As a presenter's remote does it: two keys go through a lesson and along marks, "." plays and pauses, "b" harms nothing. */
async function byRemote(browser) {
  const { page, complaints } = await visit(browser, "?s=m12&lang=en");
  const step = () => page.locator(".lesson-panel .steps [aria-current]").innerText();
  const plays = () => page.locator("footer.time button.play use").getAttribute("href");
  const reach = (at) => until(() => clock(page), (now) => now.at === at, `${at} s`, 30);
  await page.keyboard.press("PageDown");
  await until(step, (name) => name === "2 Run", "the run");
  for (const at of [14.3, 17]) {
    await page.keyboard.press("PageDown");
    await reach(at);
  }
  await page.keyboard.press("PageUp");
  await reach(14.3);
  await page.keyboard.press(".");
  await until(plays, (sign) => sign === "#i-pause", "it does not play");
  await page.keyboard.press(".");
  await until(plays, (sign) => sign === "#i-play", "it does not pause");
  const { event } = await clock(page);
  await page.keyboard.press("b");
  await page.locator("dialog[open]").waitFor({ timeout: 5_000 });
  await page.keyboard.press("Escape");
  await page.locator("dialog[open]").waitFor({ state: "detached", timeout: 5_000 });
  check((await clock(page)).event === event, "b has done something to the cluster");
  await page.keyboard.press("PageUp");
  await page.keyboard.press("PageUp");
  await until(step, (name) => name === "1 Predict", "the question");
  none(complaints, "complaints");
  const scene = await visit(browser, "?lang=en&autoplay=0");
  const opens = await clock(scene.page);
  await scene.page.keyboard.press("PageUp");
  const before = await until(() => clock(scene.page), (now) => now.at < opens.at, "the mark before", 30);
  await scene.page.keyboard.press("PageDown");
  await until(() => clock(scene.page), (now) => now.at > before.at, "the mark after", 30);
  none(scene.complaints, "complaints");
}

export const tests = { "by keys": byKeys, "by remote": byRemote, "by terminal": byTerminal };

/** Types fast. */
export const alone = ["by keys"];
