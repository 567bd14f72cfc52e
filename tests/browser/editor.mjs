// The scenario editor as a teacher uses it: from a blank text to a lesson in somebody's page, with wrong texts, files and
// links, a reload, a phone in dark Chinese, and the keyboard alone.

import { readFile } from "node:fs/promises";
import { button, check, clock, none, OTHER_SITE, PAGE, ready, tabTo, until, violations, watch } from "./lib.mjs";

const COPYING = { permissions: ["clipboard-read", "clipboard-write"] };
const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };

/** A fresh visit, when the program beside the page is there and the text was checked. */
async function edit(browser, address = "?lang=en&theme=light", options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-US", ...options });
  const page = await context.newPage();
  const complaints = watch(page);
  await page.goto(`${PAGE}editor.html${address}`);
  await settled(page);
  return { context, page, complaints };
}

/** Checked and run as it is: every visit begins with a text that can be. */
async function settled(page) {
  await page.locator("#doing", { hasText: /^(Ran|Kafka 的)/ }).waitFor({ timeout: 60_000 });
}

const text = (page) => page.locator("#text").inputValue();
const field = (page) => page.locator("#text");
const problems = (page) => page.locator("#problems li");
const results = (page) => page.locator("#results li");
const chips = (page) => page.locator("#chips").innerText();
/** A sentence over the text, or in the dialog that is open. */
const said = (page) => page.locator("#said:visible, #start-said:visible");
const player = (page) => page.frameLocator("#player iframe");

/** Types at the end of the text. */
async function append(page, lines) {
  await field(page).focus();
  await page.keyboard.press("Control+End");
  await page.keyboard.type(lines);
  await page.keyboard.press("Escape");
}

/** The clock of the player. */
async function playsAt(page) {
  const words = await player(page).locator("footer.time .clock, .clock").first().innerText();
  return Number(/([\d.]+) s/.exec(words.replaceAll(",", ""))?.[1]);
}

async function blankToLesson(browser) {
  const { page, complaints, context } = await edit(browser, undefined, COPYING);
  check((await text(page)).startsWith("blumfeld 1\n"), await text(page));
  check(/1 holds/.test(await chips(page)), await chips(page));
  none(await violations(page), "axe, blank");

  // An error while typing: underlined, listed with its place, put right by one click, and taken back by undo.
  await append(page, "@20s kil 1\n");
  await problems(page).first().waitFor();
  const wrong = await problems(page).first().innerText();
  check(/Line 12, column 6/.test(wrong) && /'kil'/.test(wrong), wrong);
  check((await page.locator(".ln .sq").innerText()) === "kil", "another word is underlined");
  none(await violations(page), "axe, an error");
  await button(page, "Write kill").click();
  check((await text(page)).endsWith("@20s kill 1\n"), await text(page));
  await until(() => problems(page).count(), (count) => count === 0, "the error stays");
  await page.keyboard.press("Control+z");
  check((await text(page)).endsWith("@20s kil 1\n"), "undo does not take it back");
  await page.keyboard.press("Control+y");

  // Completion: opens while typing, narrows, and is taken by Enter.
  await page.keyboard.press("Control+End");
  await page.keyboard.type("@40s see lead");
  const options = page.locator("#completion [role=option]");
  await options.first().waitFor();
  check(/^leader/.test(await options.first().innerText()), await options.first().innerText());
  none(await violations(page), "axe, completion");
  await page.keyboard.press("Enter");
  check(/see leader\s*$/.test(await text(page)), await text(page));
  await page.keyboard.type((await text(page)).endsWith(" ") ? "orders-0 is 9" : " orders-0 is 9");
  await page.keyboard.press("Escape");

  // The text runs by itself; what was seen instead stands beside the line.
  await until(() => chips(page), (words) => /1 fails/.test(words) && /1 holds/.test(words), "no result", 60);
  await page.locator(".ln.failed .note").waitFor();
  const failed = await results(page).filter({ hasText: "failed" }).innerText();
  check(/Line 13/.test(failed) && /[23]/.test(failed), failed);
  const leader = /\b([23])\b/.exec(failed.replace(/Line 13/, "").replace(/40\.000/, ""))[1];
  await page.keyboard.press("Backspace");
  await page.keyboard.type(leader);
  await until(() => chips(page), (words) => /2 hold/.test(words) && !/fail/.test(words), "it does not hold", 60);
  check((await page.locator("#story li").count()) > 3, "nothing is told");

  await runsInThePlayer(page);
  await handedOn(browser, page);
  none(complaints, "complaints");
  await context.close();
}

/** From here, from the start, to a result's instant; and it says when the text has changed since. */
async function runsInThePlayer(page) {
  await field(page).focus();
  await page.keyboard.press("Control+End");
  await page.keyboard.press("ArrowUp");
  await button(page, "Run from here").click();
  await page.locator("#live-says", { hasText: "Plays from 20.000 s, line 12" }).waitFor({ timeout: 60_000 });
  await until(() => playsAt(page).catch(() => 0), (at) => at >= 20 && at < 40, "it does not play from there", 60);
  none(await violations(page), "axe, playing");
  await results(page).nth(1).getByRole("button").last().click();
  await until(() => playsAt(page), (at) => at === 40, "it does not go to the result", 60);
  await page.locator("#run").click();
  await page.locator("#live-says", { hasText: "Plays from the start" }).waitFor();
  await until(() => playsAt(page), (at) => at < 20, "it does not begin anew", 60);
  await append(page, "\n# more\n");
  await page.locator("#live-says.old").waitFor();
}

/** The copied link opens the experiment; so does the embedded one, in a page of another site. */
async function handedOn(browser, page) {
  await button(page, "Copy link").click();
  await page.locator("#share-said", { hasText: "Copied." }).waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  check(link.startsWith(`${PAGE}?lang=en#`), link);
  none(await violations(page), "axe, a link");
  await page.keyboard.press("Escape");
  await button(page, "Embed").click();
  await page.locator("#host").selectOption("HTML");
  await page.locator("#height").selectOption("720");
  await page.locator("#copy:enabled").click();
  await page.locator("#share-said", { hasText: "Copied." }).waitFor();
  const snippet = await page.evaluate(() => navigator.clipboard.readText());
  check(/^<iframe /.test(snippet) && /height="720"/.test(snippet) && /title="My experiment"/.test(snippet), snippet);
  none(await violations(page), "axe, embedding");
  await page.keyboard.press("Escape");

  const own = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-US" });
  const alone = await own.newPage();
  const complaints = watch(alone);
  await alone.goto(link);
  await ready(alone);
  await until(() => alone.locator("main#stage").innerText(), (words) => /orders/.test(words) || words.length > 0, "nothing");
  check((await clock(alone)).at >= 0, "no clock");
  const host = await own.newPage();
  const others = watch(host);
  await host.goto(`${OTHER_SITE}paste.html`);
  await host.locator("#lines").fill(snippet);
  await host.locator("#put").click();
  const frame = host.frameLocator("iframe");
  await frame.getByRole("button").first().click();
  await frame.locator("footer.time, .transport").first().waitFor({ timeout: 60_000 });
  await until(() => frame.locator("body").innerText(), (words) => /Broker 1/.test(words), "the lesson is not there", 60);
  none([...complaints, ...others], "complaints");
  await own.close();
}

/** What a teacher does: a blank lesson, its question in other words, and the lines for a course page, in which the question
 * is asked and the answer judged. */
async function lessonInCourse(browser) {
  const { page, context, complaints } = await edit(browser, undefined, COPYING);
  await button(page, "Start from").click();
  await page.locator("#start-lesson").click();
  await until(() => text(page), (now) => now.includes("== zh"), "not the lesson");
  const whole = await text(page);
  await field(page).fill(whole.replace("Who leads orders-0 after that?", "Who takes over orders-0?"));
  await until(() => chips(page), (words) => /3 hold/.test(words) && !/error|fail/.test(words), "it does not hold", 60);
  await button(page, "Embed").click();
  await page.locator("#host").selectOption("HTML");
  await page.locator("#height").selectOption("720");
  await page.locator("#copy:enabled").click();
  await page.locator("#share-said", { hasText: "Copied." }).waitFor();
  const snippet = await page.evaluate(() => navigator.clipboard.readText());
  check(snippet.includes("#t1."), snippet.slice(0, 300));

  const course = await (await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-US" })).newPage();
  await course.goto(`${OTHER_SITE}paste.html`);
  await course.locator("#lines").fill(snippet);
  await course.locator("#put").click();
  const frame = course.frameLocator("iframe");
  // Nothing is fetched before somebody asks for it.
  await frame.getByRole("button").first().click();
  await frame.getByText("Who takes over orders-0?").waitFor({ timeout: 60_000 });
  await frame.locator(".choice").filter({ hasText: "broker 2, after a while" }).click();
  await frame.getByRole("button", { name: "Lock my answer and play" }).click();
  await until(async () => {
    const skip = frame.getByRole("button", { name: "Skip to the next mark" });
    if (await skip.isVisible()) await skip.click();
    return frame.getByRole("button", { name: "Check my answer" }).isVisible();
  }, Boolean, "the end is not reached", 40);
  await frame.getByRole("button", { name: "Check my answer" }).click();
  await frame.getByText(/The controller waits 9 s for a heartbeat/).waitFor();
  none(complaints, "complaints");
  await context.close();
}

/** Whatever is wrong with a text is told with its place; nothing is run, and what was there stays. */
async function wrongTexts(browser) {
  const { page, complaints } = await edit(browser);
  for (const [wrong, place] of [
    ["", /Line 1, column 1/],
    ["nothing of ours\n@@@\n", /Line 1/],
    ["blumfeld 1\nbrokers: three\n", /Line 2/],
    ["blumfeld 1\n@5s send web a\n@3s send web b\n", /Line 3/],
    ["blumfeld 1\n@5s send 😀 \n@6s kil 1\n", /Line 3, column 5/],
    [`blumfeld 1\n${"@1s kil 1\n".repeat(120)}`, /are not listed/],
  ]) {
    await field(page).fill(wrong);
    await until(() => page.locator("#problems").innerText(), (words) => place.test(words), `not told: ${wrong.slice(0, 40)}`);
    await page.locator("#run").click();
    await said(page).filter({ hasText: "Nothing was run" }).waitFor();
    check((await text(page)) === wrong, "the text is another");
  }
  // The underline is at the word, whatever letters stand above it.
  await field(page).fill("blumfeld 1\n# 😀😀\n@6s kil 1 # 😀\n");
  await until(() => page.locator(".ln .sq").allInnerTexts(), (words) => words.includes("kil"), "not underlined");
  // A long text stays smooth enough to be typed in; what no link holds is told where one is asked for.
  const long = `blumfeld 1\n@1s kill 1\nsee lost 0\n${"# a long remark that goes on and on\n".repeat(3_000)}`;
  await page.locator("#file").setInputFiles({ name: "long.txt", mimeType: "text/plain", buffer: Buffer.from(long) });
  await said(page).filter({ hasText: "under Start from" }).waitFor();
  await field(page).focus();
  const begun = Date.now();
  await page.keyboard.type("abcdefghij");
  check(Date.now() - begun < 5_000, `ten letters took ${Date.now() - begun} ms`);
  none(complaints, "complaints");
}

async function files(browser) {
  const { page, complaints } = await edit(browser);
  const before = await text(page);
  const [download] = await Promise.all([page.waitForEvent("download"), button(page, "Save file").click()]);
  check(download.suggestedFilename() === "experiment.blumfeld", download.suggestedFilename());
  check((await readFile(await download.path(), "utf8")) === before, "another text was saved");

  const chosen = async (name, buffer) => {
    if (!(await page.locator("#start-dialog[open]").count())) await button(page, "Start from").click();
    await page.locator("#file").setInputFiles({ name, mimeType: "application/octet-stream", buffer: Buffer.from(buffer) });
  };
  for (const [name, buffer, sentence] of [
    ["photo.png", [0x89, 0x50, 0x4e, 0x47, 0xff, 0xd8], /photo\.png is no text/],
    ["zeros.txt", "a\0b", /zeros\.txt is no text/],
    ["huge.txt", "x".repeat(300_000), /more than 256 KB/],
  ]) {
    await chosen(name, buffer);
    await said(page).filter({ hasText: sentence }).waitFor();
    check((await text(page)) === before, "the text is gone");
  }
  for (const [link, sentence] of [["nothing", /no link of Blumfeld/], ["#b1.!!!!", /cannot be read|no link/], ["#t9.abc", /cannot be read|no links of that kind/]]) {
    await page.locator("#link").fill(link);
    await page.locator("#link").press("Enter");
    await said(page).filter({ hasText: sentence }).waitFor();
    check((await text(page)) === before, "the text is gone");
  }
  none(await violations(page), "axe, a refusal");
  await chosen("mine.blumfeld", "blumfeld 1\r\ntitle: Mine\r\n@8s create-topic a\r\n");
  await said(page).filter({ hasText: "Opened mine.blumfeld" }).waitFor();
  check((await text(page)) === "blumfeld 1\ntitle: Mine\n@8s create-topic a\n", JSON.stringify(await text(page)));
  await page.locator("h1", { hasText: "Mine" }).waitFor();
  await field(page).focus();
  await page.keyboard.press("Control+z");
  check((await text(page)) === before, "undo does not bring it back");
  await button(page, "Start from").click();
  await page.locator("#start-before").click();
  check((await text(page)) === before, "the text before is not offered");

  // A lesson, and a link that it was made into.
  await button(page, "Start from").click();
  await page.locator("#lesson-search").fill("m12");
  await page.locator("#lessons button").first().click();
  await until(() => text(page), (now) => now.includes("id: m12"), "not the lesson");
  check((await text(page)).includes("== zh") && (await text(page)).includes("== en"), "a language is missing");
  await until(() => chips(page), (words) => /\d+ hold/.test(words) && !/error|fail/.test(words), "it does not hold", 60);
  await button(page, "Copy link").click();
  await until(() => page.locator("#share-text").inputValue(), (link) => link.includes("#"), "no link");
  const link = await page.locator("#share-text").inputValue();
  const whole = await text(page);
  await page.keyboard.press("Escape");
  await button(page, "Start from").click();
  await page.locator("#link").fill(link);
  await page.locator("#link").press("Enter");
  await page.locator("#start-dialog").waitFor({ state: "hidden" });
  if (/#t1\./.test(link)) check((await text(page)) === whole, "the link holds another text");
  else check(/create-topic orders/.test(await text(page)), await text(page));
  await until(() => problems(page).filter({ hasText: "Error" }).count(), (count) => count === 0, "it has errors");
  none(complaints, "complaints");
}

async function dropped(browser) {
  const { page, complaints } = await edit(browser);
  const data = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(["blumfeld 1\ntitle: Dropped\n@8s create-topic a\n"], "run.blumfeld"));
    return transfer;
  });
  for (const event of ["dragover", "drop"]) await page.dispatchEvent("#text", event, { dataTransfer: data });
  await until(() => text(page), (now) => now.includes("title: Dropped"), "it is not there");
  none(complaints, "complaints");
}

/** Nothing is lost by a reload, and a browser that keeps nothing is told of. */
async function kept(browser) {
  const { page, complaints, context } = await edit(browser, "?lang=en&s=m12");
  check((await text(page)).includes("id: m12"), "not the lesson of the address");
  await append(page, "# my own remark");
  await page.reload();
  await settled(page);
  check((await text(page)).endsWith("# my own remark"), "the reload lost it");
  await page.locator("#kept", { hasText: "Kept in this browser" }).waitFor();
  const other = await context.newPage();
  await other.goto(`${PAGE}editor.html?lang=en`);
  await settled(other);
  check((await text(other)).endsWith("# my own remark"), "a later visit does not find it");
  await append(other, "\n# from another tab");
  await said(page).filter({ hasText: "Another tab" }).waitFor();
  none(complaints, "complaints");
  await keptFromALink(context);
  await context.close();

  const closed = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-US" });
  await closed.addInitScript(() => { Storage.prototype.setItem = () => { throw new Error("full"); }; });
  const full = await closed.newPage();
  await full.goto(`${PAGE}editor.html?lang=en`);
  await settled(full);
  await append(full, "# a");
  await full.locator("#kept.bad", { hasText: "Not kept" }).waitFor();
  none(await violations(full), "axe, not kept");
}

/** A run of one broker. */
const LINKED = "t1.VuvwYUvKKc1NS81JUTDkSirKz04tKrYCMh0MixWSi1ITS1J1S_ILMpMV8otSgFJcAA";

/** What was made of a link's text stays over a reload, and over a second one. */
async function keptFromALink(context) {
  const page = await context.newPage();
  await page.goto(`${PAGE}editor.html?lang=en#${LINKED}`);
  await settled(page);
  await append(page, "# made of a link");
  for (const reload of ["first", "second"]) {
    await page.reload();
    await settled(page);
    check((await text(page)).endsWith("# made of a link"), `the ${reload} reload lost it`);
  }
}

/** One column, dark, in Chinese: by touch. */
async function phone(browser) {
  const { page, complaints } = await edit(browser, "?lang=zh&theme=dark", PHONE);
  none(await violations(page), "axe, phone");
  await page.locator("#start").tap();
  none(await violations(page), "axe, phone, start");
  await page.locator("#start-lesson").tap();
  await until(() => chips(page), (words) => /条成立/.test(words) && !/错误|不成立/.test(words), "the blank lesson does not hold", 60);
  await page.locator("#words").tap();
  const options = page.locator("#completion [role=option]");
  await options.first().waitFor();
  none(await violations(page), "axe, phone, completion");
  await page.keyboard.press("Escape");
  await page.locator("#run").tap();
  await until(() => player(page).locator("body").innerText().catch(() => ""), (words) => /Broker 1/.test(words), "it does not play", 60);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  check(wide <= 0, `the page is ${wide} pixels too wide`);
  const heights = await page.evaluate(() => ["text", "back"].map((id) => document.getElementById(id).clientHeight));
  check(heights[0] === heights[1], `field and lines are not the same: ${heights}`);
  none(await violations(page), "axe, phone, playing");
  none(complaints, "complaints");
}

/** Everything without a mouse; Tab leaves the field. */
async function keyboard(browser) {
  const { page, complaints } = await edit(browser);
  await tabTo(page, "#start");
  await page.keyboard.press("Enter");
  await tabTo(page, "#start-blank");
  await page.keyboard.press("Enter");
  await page.locator("#start-dialog").waitFor({ state: "hidden" });
  check((await page.evaluate(() => document.activeElement.id)) === "text", "the focus is not in the text");
  await page.keyboard.press("Control+End");
  await page.keyboard.type("@20s ");
  await page.keyboard.press("Control+Space");
  const options = page.locator("#completion [role=option]");
  await options.first().waitFor();
  const chosen = () => page.locator("#completion [aria-selected=true]").innerText();
  const first = await chosen();
  await page.keyboard.press("ArrowDown");
  check((await chosen()) !== first, "the arrow chooses nothing");
  const active = await field(page).getAttribute("aria-activedescendant");
  check((await page.locator("#completion [aria-selected=true]").getAttribute("id")) === active, "it is not announced");
  await page.keyboard.press("Escape");
  check(await page.locator("#completion").isHidden(), "Escape does not close it");
  await page.keyboard.type("kil 1");
  await page.keyboard.press("Escape");
  await problems(page).first().waitFor();
  await page.keyboard.press("Control+Enter");
  await said(page).filter({ hasText: "Nothing was run" }).waitFor();
  check(await page.evaluate(() => document.activeElement.closest("#problems") !== null), "the focus is not at the problem");
  await tabTo(page, "#problems .btn");
  await page.keyboard.press("Enter");
  check((await text(page)).endsWith("@20s kill 1"), await text(page));
  await page.keyboard.press("Control+Shift+Enter");
  await page.locator("#live-says", { hasText: "line 12" }).waitFor({ timeout: 60_000 });
  await page.keyboard.press("Tab");
  check((await page.evaluate(() => document.activeElement.id)) !== "text", "Tab does not leave the field");
  const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Control+s")]);
  check(/\.blumfeld$/.test(download.suggestedFilename()), download.suggestedFilename());
  await tabTo(page, "#language");
  await page.keyboard.press("Enter");
  check((await page.locator("html").getAttribute("lang")) === "zh", "the language stays");
  await tabTo(page, "#copy-link");
  await page.keyboard.press("Enter");
  await page.locator("#share-dialog[open]").waitFor();
  await page.keyboard.press("Escape");
  check((await page.evaluate(() => document.activeElement.id)) === "copy-link", "the focus is lost");
  none(complaints, "complaints");
}

/** Without the program one can still write, keep and save, and is told. */
async function withoutProgram(browser) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-US" });
  await context.route("**/api/**", (route) => route.abort());
  const page = await context.newPage();
  await page.goto(`${PAGE}editor.html?lang=en`);
  await said(page).filter({ hasText: "The checker did not load" }).waitFor({ timeout: 30_000 });
  await append(page, "# still here");
  await page.reload();
  await until(() => text(page), (now) => now.endsWith("# still here"), "it is lost");
  none(await violations(page), "axe, without the program");
}

export const tests = {
  "from blank to an embedded run": blankToLesson,
  "a lesson in a course page": lessonInCourse,
  "wrong texts": wrongTexts,
  "files and links": files,
  "dropped": dropped,
  "kept": kept,
  "phone, dark, Chinese": phone,
  "keyboard only": keyboard,
  "without the program": withoutProgram,
};
