// Lessons that come as texts: in a link, from a file, from a picture, with what their reader has done; in other pages, beside
// the stage and below it; and gone on with where they were left.

import { readFile } from "node:fs/promises";
import { button, check, clock, linkOf, none, OTHER_SITE, PAGE, pause, ready, terminal, until, violations, visit, watch } from "./lib.mjs";

const TEXT = `blumfeld 1
id: own
brokers: 3
controllers: 1
seed: 3
allow: kill
predict: name 2
check: choice 2 of 2; 1 at sent

@8s create-topic orders assign=2,1,3
+500ms add-producer web orders acks=all
@9s mark ready
@10s send web a
@12s mark sent
@14s see lost 0 [here]
== en
title: Who leads \`orders-0\`?
goal: Find the leader.
before: Nothing stands yet.
predict: Which broker will lead?
right: Broker 2 is the first of its replicas.
wrong: Look whose cells are filled.
check: How many copies?
- one
- three
why: One for each replica.
== zh
title: 谁领导 \`orders-0\`？
before: 现在还什么都没有。
predict: 哪个 Broker 会成为 Leader？
right: Broker 2 是第一个副本。
check: 有几份？
- 一
- 三
why: 每个副本一份。
`;

const column = (page) => page.locator(".lesson-panel");
const stands = (page, seconds) => until(() => clock(page), ({ at }) => at === seconds, `${seconds} s are not reached`, 60);

async function shared(page) {
  await page.locator("main#stage").focus();
  await page.locator("header.top button.primary").click();
  const link = await until(() => page.locator("#share-link").inputValue().catch(() => ""), (link) => link.includes("http"), "no link");
  return link;
}

async function arrives(browser, address, options) {
  const { page, complaints } = await visit(browser, address, options);
  await column(page).waitFor();
  return { page, complaints };
}

/** A link with a text opens as a lesson, is shared as one, and with the reader's act as both. */
async function link(browser) {
  const { page, complaints } = await arrives(browser, `?lang=en&theme=light${linkOf(TEXT)}`);
  check(/Who leads orders-0\?/.test(await column(page).innerText()), await column(page).innerText());
  check((await clock(page)).at === 0, "it does not begin at 0 s");
  const plain = await shared(page);
  check(/\/#t1\.[\w-]+$/.test(plain), plain);
  await page.keyboard.press("Escape");
  // What the text allows, and no more.
  const type = await terminal(page);
  await type("seek 10500ms");
  await stands(page, 10.5);
  await type("cut 1 2");
  await page.getByText("This page only allows: kill.").first().waitFor();
  await type("kill 3");
  await type("seek 12s");
  await stands(page, 12);
  await page.keyboard.press("Escape");
  const acted = await shared(page);
  check(/#t1\.[\w-]+~b1\.[\w-]+$/.test(acted), acted);
  none(await violations(page), "axe, share");
  const other = await arrives(browser, acted.slice(PAGE.length), {});
  await stands(other.page, 12);
  check(/Who leads orders-0\?/.test(await column(other.page).innerText()), "the column is not there");
  check((await other.page.locator(".notice").innerText()).startsWith("The state matches"), await other.page.locator(".notice").innerText());
  await other.page.locator("header.top").getByRole("button", { name: /中文|EN/ }).click();
  await column(other.page).getByText("谁领导").waitFor();
  none([...complaints, ...other.complaints], "complaints");
}

/** A file of a lesson, and a picture of it, are the lesson; what it allows goes with it. */
async function files(browser) {
  const { page, complaints } = await visit(browser, "?lang=en");
  await pause(page);
  const switches = () => page.locator("main#stage [data-thing^=switch-]").count();
  check((await switches()) > 0, "nothing can be stopped");
  const open = async (name, buffer) => {
    await shared(page);
    await page.locator("input[type=file]").setInputFiles({ name, mimeType: "application/octet-stream", buffer });
  };
  await open("own.blumfeld", Buffer.from(TEXT.replace("allow: kill", "allow: send")));
  await column(page).waitFor();
  await until(() => page.locator(".app").getAttribute("class"), (all) => all.includes("no-kill"), "killing is allowed");
  await shared(page);
  const [download] = await Promise.all([page.waitForEvent("download"), button(page.getByRole("dialog"), "PNG that opens again").click()]);
  const picture = await readFile(await download.path());
  await page.keyboard.press("Escape");
  const other = await visit(browser, "?lang=en");
  const link = await shared(other.page);
  await page.evaluate(() => document.activeElement?.blur());
  // Another experiment in the same tab, as a pasted address makes it.
  await page.goto(`${PAGE}?lang=en${link.slice(link.indexOf("#"))}`);
  await until(() => page.locator(".app").getAttribute("class"), (all) => !all.includes("no-kill"), "what it allowed has stayed");
  check((await column(page).count()) === 0, "the column has stayed");
  await other.page.locator("input[type=file]").setInputFiles({ name: "a.png", mimeType: "image/png", buffer: picture });
  await column(other.page).waitFor();
  check(/Who leads/.test(await column(other.page).innerText()), "the picture holds another text");
  none([...complaints, ...other.complaints], "complaints");
}

/** A question for a name is answered on the stage. */
async function named(browser) {
  const { page, complaints } = await arrives(browser, `?lang=en&speed=10&at=9s${linkOf(TEXT)}`);
  await stands(page, 9);
  await page.locator("main#stage").getByRole("button", { name: /^Broker 2/ }).first().click();
  check((await column(page).locator("input").inputValue()) === "2", "the click is no answer");
  none(await violations(page), "axe, named");
  await button(column(page), "Lock my answer and play").click();
  await stands(page, 12);
  none(complaints, "complaints");
}

async function host(browser, attributes, { width = 900, height = 760 } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, locale: "en-US" });
  const page = await context.newPage();
  const complaints = watch(page);
  await page.goto(`${OTHER_SITE}players.html?${new URLSearchParams({ script: `${PAGE}player/player.js`, lang: "en", theme: "light", ...attributes })}`);
  await page.locator("blumfeld-player .poster").getByRole("button").click();
  const frame = page.locator("blumfeld-player").frameLocator("iframe");
  await ready(frame);
  return { page, frame, complaints, context };
}

const told = async (page, kind) => (await page.locator("#answers li").allInnerTexts()).map((line) => JSON.parse(line)).filter(({ type }) => type === kind);

/** Beside the stage where there is room; a gate, and what the host hears. */
async function beside(browser) {
  const { page, frame, complaints } = await host(browser, { s: "m13", check: "gate" });
  await column(frame).waitFor();
  const box = (selector) => frame.locator(selector).first().boundingBox();
  const [side, stage] = [await box(".side"), await box("main#stage")];
  check(side.x + side.width <= stage.x + 1 && Math.abs(side.y - stage.y) < 2, `${JSON.stringify(side)}, ${JSON.stringify(stage)}`);
  check(!(await frame.locator(".side-head").isVisible()), "there is more than the lesson");
  check(await button(column(frame), "2 Run").isDisabled(), "the run can be gone to");
  await column(frame).locator("input").fill("0");
  await button(column(frame), "Lock my answer and play").click();
  // From mark to mark, until it is time for the check.
  await until(async () => {
    const skip = button(column(frame), "Skip to the next mark");
    if (await skip.isVisible()) await skip.click();
    await page.waitForTimeout(300);
    return button(column(frame), "Check my answer").isVisible();
  }, Boolean, "the end is not reached", 20);
  await button(column(frame), "Check my answer").click();
  const predicted = await until(() => told(page, "check"), (all) => all.length === 1, "no check is told");
  check(predicted[0].id === "m13" && predicted[0].step === "predict" && predicted[0].right === false, JSON.stringify(predicted));
  await column(frame).locator(".choice").filter({ hasText: "min.insync.replicas" }).click();
  await button(column(frame), "Check").click();
  const [done] = await until(() => told(page, "complete"), (all) => all.length === 1, "it is not complete");
  check(done.id === "m13", JSON.stringify(done));
  const second = (await told(page, "check"))[1];
  check(second.step === "check" && second.right === true, JSON.stringify(second));
  none(complaints, "complaints");
}

/** Below it where there is not: the page is scrolled, and asks its host for height. */
async function below(browser) {
  for (const [width, theme, lang] of [[520, "light", "en"], [380, "dark", "zh"]]) {
    const { page, frame, complaints, context } = await host(browser, { s: "m12", theme, lang }, { width });
    await column(frame).waitFor();
    const heights = await until(() => told(page, "height"), (all) => all.length > 0 && all.at(-1).px > 700, "no height is asked for");
    check(heights.at(-1).px <= 1000, JSON.stringify(heights));
    const box = (selector) => frame.locator(selector).first().boundingBox();
    const [side, stage] = [await box(".side"), await box("main#stage")];
    check(side.y >= stage.y + stage.height - 1 && stage.height < 520, `${JSON.stringify(side)}, ${JSON.stringify(stage)}`);
    await column(frame).locator(".choice").first().click();
    await context.close();
    none(complaints, "complaints");
    const alone = await visit(browser, `?embed=1&s=m12&theme=${theme}&lang=${lang}`, { viewport: { width, height: 900 } });
    none(await violations(alone.page), `axe, below, ${width}, ${theme}`);
    const wide = await alone.page.evaluate(() => document.querySelector(".app").scrollWidth - innerWidth);
    check(wide <= 0, `${wide} pixels too wide`);
    await alone.context.close();
  }
}

/** What an address leaves out is not there, and holds nothing up. */
async function without(browser) {
  const hidden = await visit(browser, "?embed=1&s=m13&lang=en&hide=lesson&check=gate");
  check(!(await column(hidden.page).isVisible()), "the column is there");
  await hidden.page.locator("footer.time button.play").click();
  await until(() => clock(hidden.page), ({ at }) => at > 11, "nobody can answer, and time waits");
  const off = await visit(browser, "?embed=1&s=m13&lang=en&check=off");
  check((await column(off.page).locator("form").count()) === 0, "it asks");
  check((await column(off.page).locator(".steps button").count()) === 1, "there are steps of questions");
  none(await violations(off.page), "axe, without questions");
  none([...hidden.complaints, ...off.complaints], "complaints");
}

/** Whoever comes back is asked whether to go on; his answers are there. */
async function left(browser) {
  const { page, complaints } = await arrives(browser, "?s=m13&lang=en&speed=20&theme=light");
  await column(page).locator("input").fill("5");
  await button(column(page), "Lock my answer and play").click();
  await stands(page, 24);
  await page.waitForTimeout(4_500);
  await page.goto(`${PAGE}?s=m13&lang=en&theme=light`);
  await ready(page);
  const resume = button(column(page), "Continue at step 2");
  await resume.waitFor();
  none(await violations(page), "axe, continue");
  await resume.click();
  await stands(page, 24);
  check(/^You said: 5$/m.test(await column(page).innerText()), await column(page).innerText());
  check((await resume.count()) === 0, "it is still offered");
  none(complaints, "complaints");
}

/** A lesson of the site with what was done in it. */
async function done(browser) {
  const { page } = await arrives(browser, "?s=m12&lang=en");
  const type = await terminal(page);
  await type("kill 3");
  await type("seek 16s");
  await stands(page, 16);
  await page.keyboard.press("Escape");
  const link = await shared(page);
  check(/\?s=m12#b1\.[\w-]+$/.test(link), link);
  const other = await arrives(browser, link.slice(PAGE.length), {});
  await stands(other.page, 16);
  check(/Who does acks=all wait for\?/.test(await column(other.page).innerText()), "the column is not there");
  none(other.complaints, "complaints");
}

export const tests = {
  "in a link": link,
  "from a file and a picture": files,
  "answered on the stage": named,
  "beside a stage in another page": beside,
  "below a stage in another page": below,
  "without column or questions": without,
  "gone on with": left,
  "with what was done": done,
};
