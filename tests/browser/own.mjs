// The page of one's own cluster: what is pasted is answered for and comes to stand on the stage, a form does the same, files for
// a real Kafka come out, by mouse and by keyboard alone, and in Chinese.

import { readFile } from "node:fs/promises";
import { check, none, PAGE, ready, tabTo, violations, watch } from "./lib.mjs";

const PASTE = `[2026-11-27 09:14:02,118] WARN [AdminClient clientId=adminclient-1] Connection to node -1 could not be established.
Topic: orders\tTopicId: 3Kq0ZJ1vQxC8mJt0N7dYbA\tPartitionCount: 2\tReplicationFactor: 3\tConfigs: min.insync.replicas=2
\tTopic: orders\tPartition: 0\tLeader: 1\tReplicas: 1,2,3\tIsr: 1,2,3\tElr: \tLastKnownElr: 
\tTopic: orders\tPartition: 1\tLeader: 2\tReplicas: 2,3,4\tIsr: 2,3\tElr: \tLastKnownElr: 
`;

async function visit(browser, address = "?lang=en&theme=light", options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-US", ...options });
  const page = await context.newPage();
  const complaints = watch(page);
  await page.goto(`${PAGE}own.html${address}`);
  return { context, page, complaints };
}

const start = (page) => page.locator("#start:not([hidden])");
const told = (page, kind) => page.locator(`.told.${kind} li`).allInnerTexts();

/** Pasted, read, opened: the cluster stands as the text says. */
async function pasted(browser) {
  const { page, complaints } = await visit(browser);
  none(await violations(page), "axe, nothing given");
  await page.locator("#paste").fill(PASTE);
  await start(page).waitFor({ timeout: 60_000 });
  check((await page.locator("#sum").innerText()) === "3 lines understood, 1 not understood and kept", await page.locator("#sum").innerText());
  check((await told(page, "kept"))[0].startsWith("line 1"), String(await told(page, "kept")));
  check((await told(page, "assumed")).some((line) => line.startsWith("Broker 4 is down")), String(await told(page, "assumed")));
  check((await told(page, "unreached")).length === 0, String(await told(page, "unreached")));
  none(await violations(page), "axe, a report");

  // Drawn as it will stand; what was assumed is said otherwise, and taken back.
  const card = (name) => page.locator("#nodes li", { hasText: `Broker ${name}` });
  check((await card(4).getAttribute("class")) === "down" && (await card(4).innerText()).includes("out of ISR"), await card(4).innerText());
  check((await card(2).locator(".copy.leads .name").allInnerTexts()).join() === "orders-1", await card(2).innerText());
  await page.getByRole("button", { name: "It is up: Broker 4 is down" }).click();
  await page.locator("#nodes li:not(.down)", { hasText: "Broker 4" }).waitFor({ timeout: 60_000 });
  check((await told(page, "assumed")).some((line) => line.startsWith("Brokers 2 and 4 do not hear each other")), String(await told(page, "assumed")));
  await page.getByRole("button", { name: "Take back" }).click();
  await page.locator("#nodes li.down", { hasText: "Broker 4" }).waitFor({ timeout: 60_000 });

  // Files for a real Kafka; what the tools would print is what was pasted.
  await page.locator("#make").click();
  await page.locator("#made a").first().waitFor({ timeout: 60_000 });
  const saved = page.waitForEvent("download");
  await page.locator("#made a", { hasText: "described.txt" }).click();
  const described = await readFile(await (await saved).path(), "utf8");
  const names = await page.locator("#made a").allInnerTexts();
  check(["reassignment.json", "docker-compose.yaml", "repeat.sh"].every((name) => names.includes(name)), String(names));
  const lines = (text) => text.split("\n").filter((line) => line.startsWith("\t")).join("\n");
  check(lines(described) === lines(PASTE), described);
  await page.locator("#neutral-out").check();
  const anew = page.waitForEvent("download");
  await page.locator("#made a", { hasText: "described.txt" }).click();
  const neutral = await readFile(await (await anew).path(), "utf8");
  check(lines(neutral) === lines(PASTE).replaceAll("orders", "topic-1"), neutral);
  await page.locator("#neutral-out").uncheck();

  await start(page).click();
  await ready(page);
  check(/^#t1\./.test(new URL(page.url()).hash), page.url());
  await page.getByText("Broker 4 is down").first().waitFor({ timeout: 30_000 });
  await page.getByText("orders-1").first().waitFor({ timeout: 30_000 });
  none(complaints, "complaints");
}

/** The same without a mouse, from a preset. */
async function keyboard(browser) {
  const { page, complaints } = await visit(browser);
  await page.locator("#presets button").first().waitFor();
  await tabTo(page, "#presets button:nth-child(4)");
  await page.keyboard.press("Enter");
  await start(page).waitFor({ timeout: 60_000 });
  const text = await page.locator("#text").textContent();
  check(text.includes("racks: a,b") && text.includes("set: min.insync.replicas=2"), text);
  await tabTo(page, "#brokers");
  await page.keyboard.press("Control+A");
  await page.keyboard.type("0");
  await page.keyboard.press("Enter");
  await page.locator(".told.refused li").waitFor({ timeout: 30_000 });
  check(await page.locator("#start").isHidden(), "a cluster without brokers can be started");
  await page.keyboard.press("Control+A");
  await page.keyboard.type("6");
  await page.keyboard.press("Enter");
  await start(page).waitFor({ timeout: 30_000 });

  // A file of one node, and a link of another length.
  await page.locator("#links").fill("1-2");
  await page.keyboard.press("Enter");
  await page.locator(".told.refused li").waitFor({ timeout: 30_000 });
  await page.locator("#links").fill("1-2 20ms");
  await page.locator("#node").selectOption("2");
  await tabTo(page, "#properties");
  await page.keyboard.type("# of mine\nnum.partitions=4\nmy.own=1\n");
  await tabTo(page, "#use-form");
  await page.keyboard.press("Enter");
  await page.locator(".told.kept li").waitFor({ timeout: 60_000 });
  check((await told(page, "kept"))[0].includes("my.own=1"), String(await told(page, "kept")));
  const own = await page.locator("#text").textContent();
  check(/^node: 2 .*num\.partitions=4/m.test(own) && own.includes("@0s delay 1 2 20ms"), own);
  await tabTo(page, "#start");
  await page.keyboard.press("Enter");
  await ready(page);
  check(/^#t1\./.test(new URL(page.url()).hash), page.url());
  none(complaints, "complaints");
}

async function chinese(browser) {
  const { page, complaints } = await visit(browser, "?lang=zh&theme=dark", { viewport: { width: 390, height: 844 } });
  await page.locator("#neutral").check();
  await page.locator("#paste").fill(PASTE);
  await start(page).waitFor({ timeout: 60_000 });
  check((await page.locator("#sum").innerText()).startsWith("读懂 3 行"), await page.locator("#sum").innerText());
  const text = await page.locator("#text").textContent();
  check(text.includes("create-topic topic-1 ") && !text.includes("orders"), text);
  none(await violations(page), "axe, Chinese");
  none(complaints, "complaints");
}

export const tests = { "pasted": pasted, "keyboard": keyboard, "chinese": chinese };
