// Kafka's own tools in the page's terminal: a tutorial typed from its first line to its last, an old line that is offered in
// today's form, a tool's options, a console consumer that is ended; in both languages, by keyboard and mouse.

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
  ["jps", "Kafka"],
];

const log = (page) => page.getByRole("log");

async function prints(page, type, line, wanted) {
  const before = (await log(page).innerText()).length;
  await type(line);
  const told = async () => (await log(page).textContent()).replaceAll("\u00a0", " ");
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
  const { page, complaints } = await visit(browser, "?lang=en");
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
  const { page, complaints } = await visit(browser, "?lang=en");
  const type = await terminal(page);
  await prints(page, type, "kafka-topics.sh --help", "--replica-assignment");
  const field = page.locator("section.terminal input");
  await field.fill("kafka-topics.sh --describe --topic ord");
  await page.keyboard.press("Tab");
  await until(() => field.inputValue(), (text) => text.startsWith("kafka-topics.sh --describe --topic orders"), "Tab completes no topic");
  none(complaints, "complaints");
}

/** A console consumer prints until Ctrl+C. */
async function interrupted(browser) {
  const { page, complaints } = await visit(browser, "?lang=en");
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
};
