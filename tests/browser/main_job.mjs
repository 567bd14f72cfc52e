// The main job by mouse: watch, make a topic, send a message, kill a broker, see who takes over, stop a consumer, see who
// reads on, go back before the kill, fork, and give the link to somebody else.

import { button, check, clock, headline, launch, ledger, none, picture, ready, tempo, until, violations, visit, watch } from "./lib.mjs";

/** Waits for Kafka's own timeouts, which the page plays faster than they are. */
const PATIENCE = 45;
const ROW = /^(payments-\d), Broker \d, leads, 0–1\b/;

const play = (page) => page.locator("footer.time button.play");
const names = (page) => page.locator("main#stage [role=button]").evaluateAll((all) => all.map((one) => one.ariaLabel));

async function choose(page, menu, entry) {
  await button(page, menu).click();
  await page.locator("header .sheet button", { hasText: entry }).click();
}

/** Types over what stands in the field, as a hand would. */
async function fill(page, dialog, label, text) {
  await dialog.getByLabel(label, { exact: true }).click({ clickCount: 3 });
  await page.keyboard.type(text);
}

async function createTopic(page) {
  await choose(page, "Add", "Topic");
  const dialog = page.getByRole("dialog");
  await fill(page, dialog, "Name", "payments");
  await fill(page, dialog, "Copies (RF)", "5");
  await button(dialog, "Create topic").click();
  const complaint = await dialog.getByRole("alert").innerText({ timeout: 20_000 });
  check(complaint.includes("INVALID_REPLICATION_FACTOR"), `Kafka's name of the error is missing: ${complaint}`);
  check(complaint.includes("Each copy needs its own broker."), `the sentence is missing: ${complaint}`);
  const kept = ["Name", "Partitions", "Copies (RF)"].map((label) => dialog.getByLabel(label, { exact: true }).inputValue());
  check((await Promise.all(kept)).join() === "payments,3,5", "the form forgot what was typed");
  none(await violations(page), "axe, refused topic");
  await fill(page, dialog, "Copies (RF)", "3");
  await button(dialog, "Create topic").click();
  await dialog.waitFor({ state: "detached", timeout: 20_000 });
  const leaders = (all) => [0, 1, 2].every((index) => all.some((name) => name.startsWith(`payments-${index},`) && name.includes("leads")));
  await until(() => names(page), leaders, "payments has three leaders");
}

/** The form says beforehand where the key goes; the message must be found there. */
async function sendMessage(page) {
  await choose(page, "Add", "Send a message");
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Topic", { exact: true }).click();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await fill(page, dialog, "Key", "invoice-7");
  await fill(page, dialog, "Value", "paid");
  const note = await dialog.locator(".where-first").innerText();
  await button(dialog, "Send").click();
  await dialog.locator(".sent li").waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached", timeout: 20_000 });
  const found = (all) => all.map((name) => ROW.exec(name)?.[1]).find(Boolean);
  const partition = found(await until(() => names(page), found, "the message is on a partition"));
  check(note.includes(partition), `the form said “${note}”, the message is on ${partition}`);
}

/** Pauses as soon as one of the lines that are read suits, looks, and goes on. */
async function lookAt(page, { read, suits, name }) {
  const some = (lines) => lines.some((line) => suits.test(line));
  await until(read, some, name, PATIENCE);
  await play(page).click();
  const lines = await read();
  check(some(lines), `the pause came too late for ${name}: ${lines}`);
  await picture(page, name);
  none(await violations(page), `axe, ${name}`);
  await play(page).click();
}

async function killBroker(page) {
  const { at } = await clock(page);
  await button(page, "Stop broker 2 at once").click();
  await until(() => headline(page), (line) => /^Controller c\d waits: after 9 s of silence it gives up broker 2/.test(line), "the controller waits", PATIENCE);
  const read = async () => [await headline(page)];
  await lookAt(page, { read, suits: /has decided that broker [13] leads|^Broker 2 is down\. Broker [13] took over/, name: "mid-election" });
  await tempo(page, "Faster", 3);
  await until(() => headline(page), (line) => /Broker [13] leads orders-1 (now|and)/.test(line), "who takes over", PATIENCE);
  const leads = (all) => all.some((name) => /^orders-1, Broker [13], leads,/.test(name));
  await until(() => names(page), leads, "another broker leads orders-1");
  await tempo(page, "Auto");
  return at;
}

async function stopConsumer(page) {
  await button(page, "Stop billing-1").click();
  // Broker 2 is still down, which is worse: the headline is about that, the group's own label about the group.
  await lookAt(page, { read: () => names(page), suits: /^group billing, (Joining|Syncing)/, name: "mid-rebalance" });
  await tempo(page, "Faster", 6);
  const reads = (all) => all.some((name) => /^billing-[23], .*orders-0\b/.test(name));
  await until(() => names(page), reads, "another member reads orders-0", PATIENCE);
}

/** Goes to the kill through what the inspector knows about broker 2, then steps back: the stop itself is undone first. */
async function goBack(page, kill) {
  await play(page).click();
  await button(page, "Broker 2, stopped, fenced").click();
  await page.getByRole("tab", { name: "Events" }).click();
  await page.locator(".side li", { hasText: "You killed Broker 2." }).locator("button.instant").click();
  await until(() => clock(page), (now) => now.at <= kill + 1, "the playhead is at the kill");
  const back = button(page, "Step back: one event");
  await back.click();
  await button(page, "Stop broker 2 at once").waitFor({ timeout: 10_000 });
  const { event } = await clock(page);
  await back.click();
  await until(() => clock(page), (now) => now.event === event - 1, "one event back", 10);
}

/** Opens the link as somebody who has never been here. */
async function share(page) {
  await button(page, "Share").click();
  const link = await page.locator("#share-link").inputValue();
  check(link.includes("#b1."), `this is no link: ${link}`);
  const browser = await launch();
  try {
    const stranger = await (await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-US" })).newPage();
    const complaints = watch(stranger);
    await stranger.goto(link);
    await ready(stranger);
    await stranger.getByRole("heading", { name: "The state matches" }).waitFor({ timeout: PATIENCE * 1_000 });
    check((await clock(stranger)).event === (await clock(page)).event, "the link leads to another moment");
    none(complaints, "complaints about the link");
  } finally {
    await browser.close();
  }
}

async function byMouse(browser) {
  const { page, complaints } = await visit(browser, "?theme=light&lang=en&speed=5");
  const sent = await ledger(page, "sent");
  await until(() => ledger(page, "sent"), (now) => now > sent, "the opening scene sends messages");
  await createTopic(page);
  await sendMessage(page);
  // Faults are looked at as the page shows them by itself.
  await tempo(page, "Auto");
  const kill = await killBroker(page);
  await stopConsumer(page);
  await goBack(page, kill);
  await button(page, "Fork").click();
  const branches = page.locator("footer.time .seg button");
  // A, B, and both beside each other.
  await until(() => branches.count(), (count) => count === 3, "a second branch", 10);
  await share(page);
  none(complaints, "complaints");
}

export const tests = { "by mouse": byMouse };
