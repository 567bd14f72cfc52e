// Lessons as a learner takes them: by mouse, by keyboard alone, and by touch on a phone; another run, another language in
// the middle, a gate, a lesson that is not there. Then the library that lists them.

import { button, check, clock, ledger, none, PAGE, ready, tabTo, terminal, until, violations, visit, watch } from "./lib.mjs";

const PHONE = { viewport: { width: 360, height: 780 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };
const COPYING = { permissions: ["clipboard-read", "clipboard-write"] };
/** A mark is reached by playing within so many seconds. */
const PATIENCE = 60;

const column = (page) => page.locator(".lesson-panel");
const stepNow = (page) => column(page).locator(".steps [aria-current=step]").innerText();
const markNow = (page) => column(page).locator(".lesson-marks li[aria-current=step]").innerText();
const verdicts = (page) => column(page).getByRole("status");

/** The run stands at that instant. */
const stands = (page, seconds) => until(() => clock(page), ({ at }) => at === seconds, `${seconds} s are not reached`, PATIENCE);

/** Presses on to the next marks one after the other; the instants at which the run pauses. */
async function skip(page, name, instants) {
  for (const instant of instants) {
    await button(column(page), name).click();
    await stands(page, instant);
  }
}

async function looked(page, what) {
  none(await violations(page), `axe, ${what}`);
  const wide = await page.evaluate(() => {
    const parts = [".side-body", ".side-head .seg", "html"].map((part) => document.querySelector(part));
    return Math.max(...parts.map((part) => part.scrollWidth - part.clientWidth));
  });
  check(wide <= 0, `${what}: ${wide} pixels too wide`);
}

/** What the library says of the lesson. */
async function state(page, id, address = "library.html") {
  await page.goto(PAGE + address);
  return page.locator(`.card[data-id=${id}] .state`).innerText();
}

async function mouse(browser) {
  const { page, complaints } = await visit(browser, "?s=m13&lang=en&speed=20&theme=light");
  const lock = button(column(page), "Lock my answer and play");
  check((await stepNow(page)) === "1 Predict", await stepNow(page));
  check(await lock.isDisabled(), "nothing can be locked that is not answered");
  await looked(page, "predict");
  await column(page).locator("input").fill("0");
  await lock.click();
  check((await stepNow(page)) === "2 Run", "locking does not begin the run");
  await stands(page, 24);
  check(/The ISR is broker 1 alone/.test(await markNow(page)), await markNow(page));
  await looked(page, "run");
  await button(column(page), "Play to the next mark").click();
  await stands(page, 28);
  await skip(page, "Skip to the next mark", [40, 58, 72]);
  check((await ledger(page, "lost")) === 5, "the ledger does not count five");
  await button(column(page), "Check my answer").click();
  check(/^You said: 0$/m.test(await column(page).innerText()), "the answer is not repeated");
  check(/^Not quite\./.test(await verdicts(page).first().innerText()), await verdicts(page).first().innerText());
  await looked(page, "check");
  await button(column(page), "Show 58.000 s").click();
  await stands(page, 58);
  check(/broker 2/i.test(await page.locator("main#stage").innerText()), "the stage is not there");
  await button(column(page), "Show 58.000 s").waitFor();
  await column(page).getByText("retries", { exact: true }).click();
  await button(column(page), "Check").click();
  check(/^Not quite\./.test(await verdicts(page).last().innerText()), await verdicts(page).last().innerText());
  check((await column(page).getByText("Lesson done.").count()) === 0, "done with a wrong answer");
  await column(page).locator(".choice").filter({ hasText: "min.insync.replicas" }).click();
  await button(column(page), "Check").click();
  await column(page).getByText("Lesson done.").waitFor();
  check(/^Right\. A safe write/.test(await verdicts(page).last().innerText()), await verdicts(page).last().innerText());
  await looked(page, "done");
  // What is selected takes the column, and gives it back.
  await page.locator("main#stage").getByRole("button", { name: /^Broker 1/ }).first().click();
  await button(page.locator(".side-head"), "Inside").waitFor();
  await looked(page, "inspector");
  await button(page.locator(".side-head"), "Lesson").click();
  await column(page).getByText("Lesson done.").waitFor();
  none(complaints, "complaints");
  await button(column(page), "All lessons").click();
  await page.waitForURL(/library\.html/);
  check((await page.locator(".card[data-id=m13] .state").innerText()) === "✓ done", "the library does not know it");
  check((await page.locator(".card[data-id=m12] .state").innerText()) === "", "nor that another one was not begun");
}

/** Keys only, in dark Chinese: choices, a run from mark to mark, a number. */
async function keyboard(browser) {
  const { page, complaints } = await visit(browser, "?s=m12&lang=zh&speed=20&theme=dark");
  await tabTo(page, ".lesson-question input[type=radio]");
  await looked(page, "predict, dark, Chinese");
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowDown");
  await until(() => column(page).locator("input[type=radio]").nth(1).isChecked(), Boolean, "the arrow chooses nothing");
  check((await clock(page)).at === 13, "Space on a choice plays");
  await tabTo(page, ".lesson-question button[type=submit]");
  await page.keyboard.press("Enter");
  await stands(page, 14.3);
  check((await stepNow(page)) === "2 运行", await stepNow(page));
  await looked(page, "run, dark, Chinese");
  for (const instant of [17, 26, 32, 36.5]) {
    await tabTo(page, ".lesson-panel button.btn:has(use[href='#i-step'])");
    await page.keyboard.press("Enter");
    await stands(page, instant);
  }
  await tabTo(page, ".lesson-panel button.btn.primary");
  await page.keyboard.press("Enter");
  check((await stepNow(page)) === "3 检验", await stepNow(page));
  check(/^不对。/.test(await verdicts(page).first().innerText()), await verdicts(page).first().innerText());
  check((await column(page).locator(".choice.wrong").count()) === 1, "the wrong choice is not marked");
  await tabTo(page, ".lesson-panel input[inputmode=numeric]");
  await page.keyboard.type("4");
  await page.keyboard.press("Enter");
  await column(page).getByText("本课完成。").waitFor();
  await looked(page, "check, dark, Chinese");
  none(complaints, "complaints");
  check((await state(page, "m12", "library.zh.html")).startsWith("✓"), "the library does not know it");
}

/** A name is asked for after the run: typed as people type it, judged by what the run did. */
async function named(browser) {
  const { page, complaints } = await visit(browser, "?s=m17&lang=zh&speed=20&theme=dark");
  await tabTo(page, ".lesson-panel input");
  await page.keyboard.type("2");
  await tabTo(page, ".lesson-question button[type=submit]");
  await page.keyboard.press("Enter");
  await stands(page, 15);
  await tabTo(page, ".lesson-panel button.btn:has(use[href='#i-step'])");
  await page.keyboard.press("Enter");
  await stands(page, 28);
  await tabTo(page, ".lesson-panel button.btn.primary");
  await page.keyboard.press("Enter");
  check((await stepNow(page)) === "3 检验", await stepNow(page));
  const asked = column(page).locator(".lesson-question").last();
  check(/orders-4/.test(await asked.innerText()), await asked.innerText());
  for (const [answer, verdict] of [["broker 3", /^不对。/], ["1 或 3", /^不对。/], ["Broker 1", /^正确。/]]) {
    await tabTo(page, ".lesson-panel input[inputmode=text]:not([readonly])");
    await page.keyboard.press("Control+a");
    await page.keyboard.type(answer);
    await page.keyboard.press("Enter");
    await until(() => verdicts(page).last().innerText(), (words) => verdict.test(words), `${answer} is judged otherwise`);
  }
  await column(page).getByText("本课完成。").waitFor();
  await looked(page, "a name, dark, Chinese");
  none(complaints, "complaints");
}

/** Fingers on a phone: what is tapped is large enough, and nothing is wider than the screen. */
async function touch(browser) {
  const { page, complaints } = await visit(browser, "?s=m3&lang=en&speed=20&theme=light", PHONE);
  const lock = button(column(page), "Lock my answer and play");
  await column(page).locator("input").tap();
  await page.keyboard.type("1");
  await looked(page, "predict, phone");
  await tappable(page);
  await lock.tap();
  await stands(page, 14);
  await looked(page, "run, phone");
  await tappable(page);
  for (const instant of [24, 60, 76, 88]) {
    await button(column(page), "Skip to the next mark").tap();
    await stands(page, instant);
  }
  await button(column(page), "Check my answer").tap();
  check(/^Not quite\./.test(await verdicts(page).first().innerText()), await verdicts(page).first().innerText());
  await column(page).locator(".choice").filter({ hasText: "2, 2, 1, 1" }).tap();
  await button(column(page), "Check").tap();
  await column(page).getByText("Lesson done.").waitFor();
  await looked(page, "check, phone");
  await tappable(page);
  none(complaints, "complaints");
}

/** Everything that can be pressed is 44 pixels high, but for links within text and the instants beside the marks. */
async function tappable(page) {
  const small = await column(page).locator("button:not(.link, .instant), label.choice").evaluateAll((all) =>
    all.filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 44).map((one) => one.textContent));
  none(small, "too small to be tapped");
}

async function vary(browser) {
  const { page, complaints } = await visit(browser, "?s=m13&lang=en&speed=20&theme=light");
  await column(page).locator("input").fill("5");
  await button(column(page), "Lock my answer and play").click();
  await stands(page, 24);
  await skip(page, "Skip to the next mark", [28, 40, 58, 72]);
  const rows = column(page).locator("table.tally tbody tr");
  const cells = async (row) => (await rows.nth(row).locator("td").allInnerTexts()).join(" ");
  check((await cells(0)) === "6 0 5" && (await cells(1)) === "not run", `${await cells(0)}, ${await cells(1)}`);
  await button(column(page), "2").click();
  await until(() => clock(page), ({ at }) => at < 24, "the other run does not begin", PATIENCE);
  check((await button(column(page), "2").getAttribute("aria-pressed")) === "true", "the value is not shown");
  const begins = (await clock(page)).at;
  await skip(page, "Skip to the next mark", [24, 28, 40, 58, 72]);
  check((await ledger(page, "lost")) === 0, "something is lost");
  check((await cells(0)) === "6 0 5" && (await cells(1)) === "6 0 0", `${await cells(0)}, ${await cells(1)}`);
  await button(column(page), "Check my answer").click();
  check(/^Right\. Five\./.test(await verdicts(page).first().innerText()), await verdicts(page).first().innerText());
  check((await rows.count()) === 2, "the check does not show the runs");
  check(begins >= 0, "no instant");
  none(complaints, "complaints");
}

async function language(browser) {
  const { page, complaints } = await visit(browser, "?s=m12&lang=en&theme=light");
  await column(page).locator(".choice").nth(1).click();
  const other = page.locator("header.top").getByRole("button", { name: /中文|EN/ });
  await other.click();
  await column(page).getByText("acks=all 在等谁？").waitFor();
  check(await column(page).locator("input[type=radio]").nth(1).isChecked(), "the choice is gone");
  await button(column(page), "确定答案并播放").click();
  await stands(page, 14.3);
  await other.click();
  await column(page).getByText("Who does acks=all wait for?").waitFor();
  check(/You said: the leader's and one more/.test(await column(page).innerText()), await column(page).innerText());
  check((await stepNow(page)) === "2 Run", await stepNow(page));
  check((await clock(page)).at === 14.3, "the run has moved");
  none(complaints, "complaints");
}

/** What is varied is chosen in the address; what there is not is said with what there is. */
async function chosen(browser) {
  const { page, complaints, context } = await visit(browser, "?s=m15&lang=en&step=run&with=first:2;min:2");
  await column(page).waitFor();
  for (const [called, value] of [["Who returns first", "broker 2, with five"], ["min.insync.replicas", "2"]]) {
    const group = column(page).getByRole("group", { name: called });
    const said = await group.getByRole("button", { pressed: true }).innerText();
    check(said.trim() === value, `${called}: ${said}`);
  }
  none(complaints, "complaints");
  await context.close();
  // Seen from the first moment on: what is said goes again after a while.
  const other = await (await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-US" })).newPage();
  await other.goto(`${PAGE}?s=m15&lang=en&with=first:perhaps`, { waitUntil: "commit" });
  await other.locator(".toasts").getByText("with= takes first:3, first:2.").waitFor({ timeout: 60_000 });
}

/** In a frame the column's own button is the one to press: nothing else lies over the stage. */
async function framed(browser) {
  for (const [lang, theme, width] of [["en", "light", 1000], ["zh", "dark", 390]]) {
    const options = { viewport: { width, height: 700 } };
    const { page, complaints, context } = await visit(browser, `?embed=1&s=m12&check=gate&lang=${lang}&theme=${theme}`, options);
    await column(page).waitFor();
    check((await page.locator(".poster").count()) === 0, "a second button lies over the stage");
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/gate-${lang}-${width}.png` });
    none(complaints, "complaints");
    await context.close();
  }
}

/** With a gate time stands still until there is an answer, and it is said why. */
async function gate(browser) {
  const { page, complaints } = await visit(browser, "?s=m13&lang=en&speed=20&theme=light&check=gate");
  await page.locator("main#stage").focus();
  await page.keyboard.press("Space");
  await page.locator(".toasts").getByText("Answer first, then play.").waitFor({ timeout: 5_000 });
  check((await clock(page)).at === 11, `time passes: ${(await clock(page)).at} s`);
  check(await button(column(page), "2 Run").isDisabled(), "the run can be gone to");
  await column(page).locator("input").fill("5");
  await button(column(page), "Lock my answer and play").click();
  await stands(page, 24);
  none(complaints, "complaints");
}

/** What was done in a lesson opens as that lesson: from the browser's own list, and from an address that is pasted. */
async function again(browser) {
  const { page, complaints, context } = await visit(browser, "?s=m13&lang=en&speed=20&theme=light", COPYING);
  await column(page).locator("input").fill("0");
  await button(column(page), "Lock my answer and play").click();
  await stands(page, 24);
  const type = await terminal(page);
  await type("kill 1");
  await page.keyboard.press("Escape");
  const listed = () => page.evaluate(() => Object.values(localStorage).filter((text) => text.startsWith("kept 2")));
  await until(listed, (kept) => kept.length === 1, "the lesson is not kept", 15);
  await page.locator("header.top button.primary").click();
  const link = await until(() => page.locator("#share-link").inputValue().catch(() => ""), (link) => link.includes("#b1."), "no link");
  check(/\?s=m13&step=run#b1\./.test(link), link);
  await page.goto(`${PAGE}?lang=en&theme=light`);
  await page.locator(".notice").getByRole("button", { name: /Go on|Open|Continue/ }).first().click();
  await column(page).waitFor({ timeout: 30_000 });
  check((await stepNow(page)) === "2 Run", await stepNow(page));
  await stands(page, 24);
  check(/You said: 0/.test(await column(page).innerText()), await column(page).innerText());
  none(complaints, "complaints");
  await context.close();

  const pasted = await visit(browser, "?lang=en&theme=light#b1.AAAA");
  await pasted.page.locator(".notice input").fill(link);
  await column(pasted.page).waitFor({ timeout: 30_000 });
  check((await stepNow(pasted.page)) === "2 Run", await stepNow(pasted.page));
  await stands(pasted.page, 24);
  none(pasted.complaints, "complaints, pasted");
}

async function unknown(browser) {
  for (const [lang, says] of [["en", /no scenario “nope”/], ["zh", /没有场景“nope”/]]) {
    const { page, complaints, context } = await visit(browser, `?s=nope&lang=${lang}`);
    const card = page.locator(".notice");
    await card.waitFor();
    check(says.test(await card.innerText()), await card.innerText());
    check((await column(page).count()) === 0, "a lesson is shown");
    none(await violations(page), `axe, unknown, ${lang}`);
    // The browser itself says that there is no such file.
    none(complaints.filter((one) => !/404/.test(one)), "complaints");
    await context.close();
  }
}

/** A fresh look at the library. */
async function library(browser, address, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-US", ...options });
  const page = await context.newPage();
  const complaints = watch(page);
  await page.goto(PAGE + address);
  return { page, complaints, context };
}

async function listed(browser) {
  const { page, complaints } = await library(browser, "library.html?theme=light", COPYING);
  const cards = page.locator(".card[data-id]");
  const shown = page.locator(".card[data-id]:visible");
  const all = await cards.count();
  check(all >= 20, `${all} lessons`);
  await page.locator("#search").fill("rebalance");
  const some = await shown.count();
  check(some > 0 && some < all, `${some} of ${all} are found`);
  check(/\d+ fits?/.test(await page.locator("#found").innerText()), await page.locator("#found").innerText());
  await page.locator("#search").fill("kafkaesque");
  check((await shown.count()) === 0 && /Nothing fits/.test(await page.locator("#found").innerText()), "something fits");
  await page.locator("#search").fill("");
  check((await shown.count()) === all, "not all come back");
  for (const [name, expected] of [
    ["Copy link", `${PAGE}?s=m13&lang=en`],
    ["Embed", `<iframe src="${PAGE}?embed=1&amp;s=m13&amp;lang=en" title="Does acks=all never lose a message?"`],
  ]) {
    await page.locator(".card[data-id=m13]").getByRole("button", { name }).click();
    const dialog = page.locator("dialog[open]");
    await dialog.getByRole("status").filter({ hasText: /opied/ }).waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    check(copied.startsWith(expected) && copied === (await dialog.locator("textarea").inputValue()), `${name}: ${copied}`);
    none(await violations(page), `axe, ${name}`);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
  }
  none(complaints, "complaints");
  await page.locator(".card[data-id=m13] h3 a").click();
  await ready(page);
  check(/never lose a message/.test(await column(page).innerText()), "the card opens something else");
  // Whoever has begun is asked whether to continue.
  await page.locator(".lesson-panel input").fill("5");
  await button(column(page), "Lock my answer and play").click();
  await skip(page, "Skip to the next mark", [24]);
  await page.goto(`${PAGE}library.html`);
  check(/never lose a message/.test(await page.locator("#continue").innerText()), "nothing to continue");
  check((await page.locator(".card[data-id=m13] .state").innerText()) === "step 2 of 3", "not the second step");
}

async function libraries(browser) {
  for (const [name, address, options] of [
    ["light", "library.html?theme=light"],
    ["dark", "library.html?theme=dark"],
    ["Chinese, dark", "library.zh.html?theme=dark"],
    ["phone", "library.html?theme=light", PHONE],
    ["Chinese, phone", "library.zh.html?theme=light", PHONE],
  ]) {
    const { page, complaints, context } = await library(browser, address, options);
    await page.locator(".card[data-id]").first().waitFor();
    none(await violations(page), `axe, library, ${name}`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    check(wide <= 0, `library, ${name}: ${wide} pixels too wide`);
    const high = (await page.locator("header.top").boundingBox()).height;
    check(high < 64, `library, ${name}: the head is ${high} pixels high`);
    none(complaints, `complaints, ${name}`);
    await context.close();
  }
}

export const tests = {
  "by mouse": mouse,
  "by keyboard, dark Chinese": keyboard,
  "a name by keyboard": named,
  "by touch on a phone": touch,
  "another run": vary,
  "another language in the middle": language,
  "a gate": gate,
  "a gate in a frame": framed,
  "what is varied, in the address": chosen,
  "kept, and pasted": again,
  "no such lesson": unknown,
  "library: search, copy, open": listed,
  "library: themes, languages, sizes": libraries,
};
