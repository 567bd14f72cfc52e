// A lesson's terms and their cards: by mouse, by keyboard, on a phone; in both themes and languages; and "The words" of the library.

import { mkdir } from "node:fs/promises";
import path from "node:path";
import { check, none, PAGE, tabTo, until, violations, visit, watch } from "./lib.mjs";

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const card = (page) => page.locator(".gloss-card");
const term = (page, name) => page.locator(".terms").getByRole("button", { name, exact: true });

/** The whole card is in the column. */
const inSight = (page) => page.evaluate(() => {
  const [one, column] = [".gloss-card", ".side-body"].map((name) => document.querySelector(name)?.getBoundingClientRect());
  return Boolean(one && column && one.top >= column.top - 1 && one.bottom <= column.bottom + 1);
});

/** For whoever wants to look: SHOTS names a folder. */
async function shot(page, name) {
  if (!process.env.SHOTS) return;
  await mkdir(process.env.SHOTS, { recursive: true });
  await page.screenshot({ path: path.join(process.env.SHOTS, `${name}.png`), animations: "disabled" });
}

async function said(page) {
  await until(() => card(page).innerText().catch(() => ""), (text) => /Source:|出处：/.test(text), "no card", 10);
  await until(() => inSight(page), Boolean, "a part of the card is out of sight", 5);
  return card(page).innerText();
}

async function byMouse(browser) {
  for (const [lang, theme, name, words] of [["en", "light", "ISR", "keep up with the leader"], ["zh", "dark", "ISR", "跟得上 Leader"]]) {
    const { page, complaints, context } = await visit(browser, `?s=m12&lang=${lang}&theme=${theme}`);
    const asked = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    check((await card(page).count()) === 0, "a card before anybody asked");
    await term(page, name).click();
    check((await said(page)).includes(words), `the card says ${await card(page).innerText()}`);
    check(asked.length === 1 && asked[0].endsWith(`glossary/${lang}.txt`), `fetched: ${asked}`);
    check((await term(page, name).getAttribute("aria-expanded")) === "true", "it does not say that it is open");
    none(await violations(page), `axe, ${lang}, ${theme}`);
    await shot(page, `term-1440-${lang}-${theme}`);
    // Another one takes its place, the same one closes it.
    await term(page, "HW").click();
    await until(() => card(page).getByRole("heading").innerText(), (title) => title === "HW", "the other card", 5);
    check((await card(page).count()) === 1, "two cards");
    await term(page, "HW").click();
    await card(page).waitFor({ state: "detached", timeout: 5_000 });
    await term(page, "acks").click();
    await said(page);
    await page.keyboard.press("Escape");
    await card(page).waitFor({ state: "detached", timeout: 5_000 });
    check(await page.locator(".lesson-panel").isVisible(), "Escape closed more than the card");
    none(complaints, "complaints");
    await context.close();
  }
}

async function byKeyboard(browser) {
  const { page, complaints } = await visit(browser, "?s=m12&lang=en&theme=dark");
  await tabTo(page, ".terms button.gloss");
  await page.keyboard.press("Enter");
  await said(page);
  check(await page.evaluate(() => document.activeElement.matches(".gloss-card")), "the focus is not on the card");
  await page.keyboard.press("Escape");
  await card(page).waitFor({ state: "detached", timeout: 5_000 });
  check(await page.evaluate(() => document.activeElement.matches(".gloss")), "the focus does not go back");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  await said(page);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await card(page).waitFor({ state: "detached", timeout: 5_000 });
  // What plays is not touched by keys that were the card's.
  check((await page.locator("footer.time button.play use").getAttribute("href")) === "#i-play", "it plays");
  none(complaints, "complaints");
}

async function byTouch(browser) {
  for (const [lang, theme] of [["en", "dark"], ["zh", "light"]]) {
    const { page, complaints, context } = await visit(browser, `?s=m12&lang=${lang}&theme=${theme}`, PHONE);
    if (!(await page.locator(".lesson-panel").isVisible())) await page.locator(".open-side").first().tap();
    await term(page, "min.insync.replicas").tap();
    await said(page);
    const box = await card(page).boundingBox();
    const sheet = await page.locator(".side").boundingBox();
    check(box.x >= 0 && box.x + box.width <= 390 && box.y >= sheet.y && box.y + box.height <= 845, `out of sight: ${JSON.stringify(box)}`);
    // It stands below the text and covers none of it.
    const covered = await page.locator(".lesson-panel > :not(.terms)").evaluateAll((all) => {
      const over = document.querySelector(".gloss-card").getBoundingClientRect();
      return all.filter((one) => { const { top, bottom } = one.getBoundingClientRect(); return bottom > over.top + 1 && top < over.bottom - 1; }).length;
    });
    check(covered === 0, `${covered} parts of the lesson are covered`);
    const small = await page.locator(".terms button").evaluateAll((all) => all.filter((one) => one.getBoundingClientRect().height < 44).length);
    check(small === 0, `${small} buttons are too small for a finger`);
    check(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "it scrolls sideways");
    none(await violations(page), `axe, phone, ${lang}, ${theme}`);
    await shot(page, `term-390-${lang}-${theme}`);
    await card(page).getByRole("button").tap();
    await card(page).waitFor({ state: "detached", timeout: 5_000 });
    none(complaints, "complaints");
    await context.close();
  }
}

/** Without the file the card says so, and the lesson goes on. */
async function unfetched(browser) {
  const { page } = await visit(browser, "?s=m12&lang=en");
  await page.route("**/glossary/*.txt", (route) => route.abort());
  await term(page, "ISR").click();
  await until(() => card(page).innerText(), (text) => text.includes("could not be fetched"), "it does not say so", 10);
  await page.unroute("**/glossary/*.txt");
  await page.keyboard.press("Escape");
  await term(page, "ISR").click();
  await said(page);
}

async function library(browser) {
  for (const [file, lang, word] of [["library.html", "en", "high watermark"], ["library.zh.html", "zh", "高水位"]]) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: lang === "en" ? "dark" : "light" });
    const page = await context.newPage();
    const complaints = watch(page);
    await page.goto(PAGE + file);
    check((await page.locator("#words dt").count()) >= 57, "words are missing");
    await page.getByRole("searchbox").fill(word);
    await until(() => page.locator("#words .card:visible dt").allInnerTexts(), (all) => all.some((name) => name.startsWith("HW")), "HW is not found", 5);
    none(await violations(page), `axe, ${file}`);
    await page.locator("#words").scrollIntoViewIfNeeded();
    await shot(page, `words-${lang}`);
    none(complaints, "complaints");
    await context.close();
  }
}

export const tests = { "by mouse": byMouse, "by keyboard": byKeyboard, "by touch": byTouch, "unfetched": unfetched, "library": library };
