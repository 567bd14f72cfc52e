// Kafka's own tools in the page's terminal: a tutorial typed from its first line to its last, an old line that is offered in
// today's form, a tool's options, a console consumer that is ended; in both languages, by keyboard and mouse.

import { mkdir } from "node:fs/promises";
import path from "node:path";
import { check, none, terminal, until, violations, visit } from "./lib.mjs";

const SERVER = "--bootstrap-server localhost:9092";

/** Each line with what it has to print. */
const TUTORIAL = [
  [`bin/kafka-topics.sh --create --topic quickstart-events --partitions 1 --replication-factor 3 ${SERVER}`, "Created topic quickstart-events."],
  [`bin/kafka-topics.sh --describe --topic quickstart-events ${SERVER}`, "PartitionCount: 1\tReplicationFactor: 3"],
  [`bin/kafka-topics.sh --create --topic quickstart-events ${SERVER}`, "Topic 'quickstart-events' already exists."],
  [`echo 'This is my first event' | bin/kafka-console-producer.sh --topic quickstart-events ${SERVER}`, ""],
  [`bin/kafka-get-offsets.sh --topic quickstart-events ${SERVER}`, "quickstart-events:0:1"],
  [`bin/kafka-consumer-groups.sh ${SERVER} --describe --group billing`, "CURRENT-OFFSET"],
  [`bin/kafka-consumer-groups.sh ${SERVER} --describe --group nobody`, "GroupIdNotFoundException"],
  ["cat config/server-1.properties", "node.id=1"],
  [`bin/kafka-console-producer.sh --topic quickstart-events ${SERVER}`, ""],
  ["This is my second event", ""],
  ["^D", ""],
  [`bin/kafka-console-consumer.sh --topic quickstart-events --from-beginning --max-messages 2 ${SERVER}`, "Processed a total of 2 messages"],
  ["jps", "Kafka"],
];

/** For whoever wants to look: SHOTS names a folder. */
async function shot(page, name) {
  if (!process.env.SHOTS) return;
  await mkdir(process.env.SHOTS, { recursive: true });
  await page.screenshot({ path: path.join(process.env.SHOTS, `${name}.png`), animations: "disabled" });
}

const log = (page) => page.getByRole("log");

async function prints(page, type, line, wanted) {
  if (line === "^D") return page.locator("section.terminal input").press("Control+d");
  const told = async () => (await log(page).textContent()).replaceAll("\u00a0", " ");
  const before = (await told()).length;
  await type(line);
  await until(told, (text) => text.includes(line), `${line} is not there`);
  await until(() => page.locator("section.terminal .waits").count(), (count) => count === 0, `${line} is not answered`, 60);
  await until(told, (text) => text.length >= before && text.includes(wanted), `${line} does not print ${wanted}`, 60);
}

async function tutorial(browser, lang) {
  const { page, complaints } = await visit(browser, `?lang=${lang}&speed=20`);
  const type = await terminal(page);
  for (const [line, wanted] of TUTORIAL) await prints(page, type, line, wanted);
  none(await violations(page), `axe, ${lang}`);
  none(complaints, "complaints");
}

/** A line of an old tutorial is refused as Kafka refuses it, and offered as it is written today. */
async function offered(browser) {
  const { page, complaints } = await visit(browser, "?lang=en&speed=20");
  const type = await terminal(page);
  await prints(page, type, "bin/kafka-topics.sh --zookeeper localhost:2181 --list", "zookeeper is not a recognized option");
  const offer = log(page).getByRole("button").last();
  check(/--bootstrap-server/.test(await offer.innerText()), await offer.innerText());
  await offer.click();
  await until(() => log(page).innerText(), (text) => /\n__consumer_offsets\norders\n?/.test(text), "the offered line lists no topics");
  none(complaints, "complaints");
}

/** A tool's options come as Kafka lists them; Tab knows them as well. */
async function options(browser) {
  const { page, complaints } = await visit(browser, "?lang=en&speed=20");
  const type = await terminal(page);
  await prints(page, type, "kafka-topics.sh --help", "--replica-assignment");
  const field = page.locator("section.terminal input");
  await field.fill("kafka-topics.sh --describe --topic ord");
  await page.keyboard.press("Tab");
  await until(() => field.inputValue(), (text) => text.startsWith("kafka-topics.sh --describe --topic orders"), "Tab completes no topic");
  none(complaints, "complaints");
}

const acts = (page) => page.locator(".toasts.acts .toast");

/** What only reads is nothing to undo, and no word of it lies over the field. */
async function reading(browser) {
  const { page, complaints } = await visit(browser, "?lang=en&speed=20");
  const type = await terminal(page);
  await prints(page, type, `kafka-topics.sh --describe ${SERVER}`, "PartitionCount");
  check((await acts(page).count()) === 0, "a question can be undone");
  await prints(page, type, `kafka-topics.sh --create --topic t ${SERVER}`, "Created topic t.");
  await until(() => acts(page).count(), (count) => count === 1, "a topic cannot be undone", 5);
  none(complaints, "complaints");
}

/** Is the middle of the field what a finger would hit? */
const isFree = (page) => page.evaluate(() => {
  const field = document.querySelector("section.terminal input");
  const { left, top, width, height } = field.getBoundingClientRect();
  return document.elementFromPoint(left + width / 2, top + height / 2) === field;
});

/** On a phone the field lies over the numbers; a button ends what reads. */
async function onAPhone(browser) {
  const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
  for (const lang of ["en", "zh"]) {
    const { page, complaints, context } = await visit(browser, `?lang=${lang}&speed=20`, phone);
    const type = await terminal(page);
    check(await isFree(page), "something lies over the field");
    await prints(page, type, `kafka-topics.sh --create --topic t ${SERVER}`, "Created topic t.");
    await until(() => acts(page).count(), (count) => count === 1, "no message", 5);
    check(await isFree(page), "the message lies over the field");
    await type(`kafka-console-producer.sh --topic t ${SERVER}`);
    await type("one");
    await page.getByRole("button", { name: "Ctrl+D" }).tap();
    await prints(page, type, `kafka-console-consumer.sh --topic t --from-beginning --max-messages 1 ${SERVER}`, "Processed a total of 1 messages");
    none(await violations(page), `axe, ${lang}`);
    none(complaints, "complaints");
    await shot(page, `terminal-360-${lang}`);
    await context.close();
  }
}

/** From 1440 pixels on the terminal has a room beside the stage; in a narrower window it is a sheet below it. */
async function beside(browser) {
  const isFitting = async (page, width) => {
    const [stage, room] = await page.evaluate(() => ["main#stage", "section.terminal"].map((name) => document.querySelector(name).getBoundingClientRect().toJSON()));
    const isBeside = room.left >= stage.right - 1 && room.width >= 520;
    check(isBeside === width >= 1440, `at ${width} px: stage ${JSON.stringify(stage)}, terminal ${JSON.stringify(room)}`);
    check(await isFree(page), `something lies over the field at ${width} px`);
  };
  for (const [width, other, theme, lang] of [[1440, 1439, "light", "en"], [1024, 1920, "dark", "zh"]]) {
    const { page, complaints, context } = await visit(browser, `?lang=${lang}&theme=${theme}&speed=20`, { viewport: { width, height: 900 } });
    const type = await terminal(page);
    await prints(page, type, `kafka-topics.sh --describe --topic orders ${SERVER}`, "PartitionCount");
    for (const shown of [width, other]) {
      await page.setViewportSize({ width: shown, height: 900 });
      await until(() => page.evaluate(() => innerWidth), (inner) => inner === shown, "the window keeps its size", 5);
      await isFitting(page, shown);
      none(await violations(page), `axe, ${shown}, ${theme}`);
      await shot(page, `terminal-${shown}-${lang}-${theme}`);
    }
    none(complaints, "complaints");
    await context.close();
  }
}

/** A console consumer prints until Ctrl+C. */
async function interrupted(browser) {
  const { page, complaints } = await visit(browser, "?lang=en&speed=20");
  const type = await terminal(page);
  await prints(page, type, `kafka-console-consumer.sh --topic orders ${SERVER} --formatter-property print.offset=true`, "Offset:");
  await page.locator("section.terminal input").press("Control+c");
  await until(() => log(page).textContent(), (text) => /Processed a total of \d+ messages/.test(text), "Ctrl+C does not end it");
  none(complaints, "complaints");
}

export const tests = {
  "a tutorial, English": (browser) => tutorial(browser, "en"),
  "a tutorial, Chinese": (browser) => tutorial(browser, "zh"),
  "an old line is offered in today's form": offered,
  "options and completion": options,
  "a console consumer is ended": interrupted,
  "what reads is nothing to undo": reading,
  "the terminal on a phone": onAPhone,
  "a room beside the stage": beside,
};
