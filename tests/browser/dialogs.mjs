// Forms that do not get in the way: several messages without leaving, errors and healed links that move nothing under the
// pointer, the command copied, further settings, and a topic's placement said only while it is true.

import { button, check, none, pause, terminal, until, violations, visit } from "./lib.mjs";

async function choose(page, menu, entry) {
  await button(page, menu).click();
  await page.locator("header .sheet button", { hasText: entry }).click();
  return page.getByRole("dialog");
}

const place = async (locator) => {
  const { x, y } = await locator.boundingBox();
  return `${Math.round(x)},${Math.round(y)}`;
};

async function several(browser) {
  const { page, complaints } = await visit(browser, "?lang=en&theme=light");
  const dialog = await choose(page, "Add", "Send a message");
  const key = dialog.locator("#field-key");
  await key.fill("order-4");
  const says = await dialog.locator(".where-first").innerText();
  check(says.includes("% 3 = 2") && says.includes("orders-2"), `where: “${says}”`);
  await button(dialog, "Send").boundingBox();
  const before = await place(button(dialog, "Send"));
  await key.press("Enter");
  await until(() => dialog.locator(".sent li").count(), (count) => count === 1, "the first message is listed", 10);
  const selected = await key.evaluate((field) => document.activeElement === field && field.selectionEnd - field.selectionStart);
  check(selected === "order-4".length, `the field is not ready for the next one: ${selected}`);
  await page.keyboard.type("order-5");
  await page.keyboard.press("Enter");
  await page.keyboard.type("order-2");
  await page.keyboard.press("Enter");
  const lines = await until(() => dialog.locator(".sent li").allInnerTexts(), (all) => all.length === 3 && all.every((line) => /Written to orders-\d at offset \d+\./.test(line)), "all three are answered", 60);
  check(/^order-2, .*orders-0/.test(lines[0]) && /^order-4, .*orders-2/.test(lines[2]), `the list says ${lines}`);
  check((await place(button(dialog, "Send"))) === before, "the button has moved");
  none(await violations(page), "axe, messages sent");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  none(complaints, "complaints");
}

async function topic(browser) {
  const { page, complaints } = await visit(browser, "?lang=en&theme=light", { permissions: ["clipboard-read", "clipboard-write"] });
  await pause(page);
  const dialog = await choose(page, "Add", "Topic");
  await until(() => page.evaluate(() => document.activeElement?.id), (id) => id === "field-name", "the first field has the focus", 5);
  await page.keyboard.type("payments");
  const placed = await until(() => dialog.locator(".placed li").allInnerTexts(), (all) => all.length === 3, "where it would go", 10);
  check(placed.every((line, index) => new RegExp(`^payments-${index}: broker \\d leads, copies on \\d, \\d$`).test(line)), `${placed}`);
  await button(dialog, "Copy").click();
  await dialog.getByRole("status").filter({ hasText: "The command is copied." }).waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  check(copied.startsWith("kafka-topics.sh ") && copied.includes("--topic payments"), `copied: ${copied}`);
  const before = [await place(button(dialog, "Create topic")), await place(button(dialog, "Copy"))].join();
  await dialog.locator("#field-copies").fill("5");
  await dialog.locator(".note", { hasText: "INVALID_REPLICATION_FACTOR" }).waitFor();
  const after = [await place(button(dialog, "Create topic")), await place(button(dialog, "Copy"))].join();
  check(before === after, `the error moves what lies under the pointer: ${before}, ${after}`);
  await dialog.locator("#field-copies").fill("3");
  await dialog.locator("details.more > summary").click();
  await dialog.getByLabel("flush.messages", { exact: true }).fill("1");
  await dialog.locator(".note", { hasText: "flush.messages=1" }).waitFor();
  await dialog.getByLabel("flush.messages", { exact: true }).fill("");
  await dialog.getByLabel("segment.bytes", { exact: true }).fill("2000000");
  await dialog.locator(".term", { hasText: /--config '?segment.bytes=2000000/ }).waitFor();
  none(await violations(page), "axe, a topic's settings");
  await button(dialog, "Create topic").click();
  await page.keyboard.press(".");
  await until(() => page.locator("main#stage [role=button]").evaluateAll((all) => all.map((one) => one.ariaLabel)), (all) => all.some((name) => name.startsWith("payments-2, ")), "payments is there", 30);
  none(complaints, "complaints");
}

async function links(browser) {
  const { page, complaints } = await visit(browser, "?lang=en");
  await pause(page);
  const enter = await terminal(page);
  for (const line of ["cut 1 2", "cut-one-way c1 3", "delay 2 3 400ms"]) await enter(line);
  await page.keyboard.press("Escape");
  const dialog = await choose(page, "Faults", "Cut a link");
  const rows = dialog.locator("ul.cuts li");
  const said = await rows.locator("span").allInnerTexts();
  const sorted = [...said].sort().join("; ");
  check(sorted === "1 – 2: cut; 2 – 3: 400 ms slower; c1 → 3: cut, this way only", `the links are ${sorted}`);
  const second = rows.nth(1).getByRole("button");
  const before = await place(second);
  await rows.first().getByRole("button").click();
  await until(() => rows.first().innerText(), (text) => text.includes("healed"), "the first is healed", 5);
  check((await rows.count()) === 3 && (await place(second)) === before, "the others have moved");
  check(await rows.first().getByRole("button").isDisabled(), "a healed link can be healed again");
  await button(dialog, "Heal all links").click();
  await until(() => rows.allInnerTexts(), (all) => all.every((text) => text.includes("healed")), "all are healed", 5);
  none(await violations(page), "axe, healed links");
  none(complaints, "complaints");
}

async function application(browser) {
  const { page, complaints } = await visit(browser, "?lang=en&theme=light");
  await pause(page);
  let dialog = await choose(page, "Add", "Producer");
  await dialog.locator("details.more > summary").click();
  await dialog.getByLabel("app.send", { exact: true }).selectOption("wait");
  await dialog.getByLabel("app.skew", { exact: true }).fill("100");
  await dialog.locator(".note", { hasText: "must be 1 to 99 of 100 records" }).waitFor();
  await dialog.locator("details.more > summary").click();
  await button(dialog, "Add producer").click();
  await until(() => page.evaluate(() => document.activeElement?.id), (id) => id === "field-app.skew", "the field that is refused is open and has the focus", 5);
  await dialog.getByLabel("app.skew", { exact: true }).fill("80");
  await dialog.locator(".term", { hasText: "app.send=wait app.skew=80" }).waitFor();
  none(await violations(page), "axe, an application's settings");
  await button(dialog, "Add producer").click();
  await dialog.waitFor({ state: "detached" });
  dialog = await choose(page, "Add", "Consumer");
  await dialog.locator("details.more > summary").click();
  await dialog.getByLabel("Work per record").fill("20ms");
  await dialog.getByLabel("app.commit", { exact: true }).fill("after");
  await dialog.locator(".term", { hasText: /^\$ add-consumer billing-4 billing orders work=20ms app.commit=after$/ }).waitFor();
  await page.keyboard.press("Escape");
  none(complaints, "complaints");
}

export const tests = { "several messages": several, "a topic": topic, "an application": application, "links with a fault": links };
