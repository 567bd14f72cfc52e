// The course page of the site: both languages, six players, under its policy, in a frame without an origin, with WordPress's
// appendix, without a network, and after an update.

import { check, none, OTHER_SITE, PAGE, ready, until, violations, watch } from "./lib.mjs";
import { site } from "./site.mjs";

const COURSE = { en: "course/", zh: "course/zh.html" };
const LOAD = { en: /Click to load/, zh: /点击加载/ };

const player = (page, number) => page.locator("blumfeld-player").nth(number);

async function open(browser, address, options = {}) {
  const context = await browser.newContext({ viewport: { width: 900, height: 800 }, locale: "en-US", ...options });
  const page = await context.newPage();
  const complaints = watch(page);
  await page.goto(address);
  await player(page, 5).locator(".poster").waitFor();
  return { context, page, complaints };
}

async function reads(browser) {
  for (const [lang, theme, width] of [["en", "light", 900], ["zh", "dark", 390]]) {
    const { context, page, complaints } = await open(browser, `${PAGE}${COURSE[lang]}?theme=${theme}`, { viewport: { width, height: 800 } });
    check((await page.locator("html").getAttribute("lang")) === lang, "the page's language");
    check((await page.locator("blumfeld-player").count()) === 6, "not six players");
    none(await violations(page), `axe, ${lang}, ${theme}`);
    check(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${width} px: it scrolls sideways`);
    // The first four need nothing but the page; the others are lessons.
    const titles = lang === "en"
      ? ["Three brokers, one topic", "The leader dies", "Your own message", "Broker 2 was killed"]
      : ["三个 Broker，一个 Topic", "Leader 宕机", "发一条自己的消息", "Broker 2 被杀掉之后"];
    for (const [number, title] of titles.entries()) {
      await player(page, number).getByRole("button", { name: LOAD[lang] }).click();
      const frame = player(page, number).frameLocator("iframe");
      await ready(frame);
      check((await frame.locator("header.title-bar b").innerText()) === title, `player ${number + 1} has no title of its own`);
      check((await frame.locator("html").getAttribute("lang")).startsWith(lang), "the frame's language");
      check((await frame.locator("html").getAttribute("data-theme")) === theme, "the frame's theme");
      const stops = await frame.locator("main#stage [data-thing^=switch-]").first().isVisible();
      check(stops === (number === 1), `player ${number + 1}: stopping is ${stops ? "" : "not "}offered`);
    }
    await player(page, 4).getByRole("button", { name: LOAD[lang] }).click();
    const gated = player(page, 4).frameLocator("iframe");
    await ready(gated);
    const came = page.locator(".came");
    check(/Nothing|还没有/.test(await came.innerText()), await came.innerText());
    await gated.locator(".lesson-panel .choice").nth(0).click();
    await gated.locator(".lesson-panel button.primary").first().click();
    for (let marks = 0; marks < 6 && /Nothing|还没有/.test(await came.innerText()); marks += 1) {
      await gated.locator(".lesson-panel").getByRole("button", { name: /Skip to the next mark|跳到下一/ }).click({ timeout: 5_000 }).catch(() => {});
      await page.waitForTimeout(1_500);
    }
    check(/Your prediction was|你的预测/.test(await came.innerText()), await came.innerText());
    none(complaints, "complaints");
    await context.close();
  }
}

/** The policy that each page names is also served as a header, and lets other pages frame it. */
async function policies(browser) {
  const page = await (await browser.newContext()).newPage();
  for (const file of ["", "index.html", "library.html", "course/", "course/zh.html", "embed-single.html", "embed/test.html"]) {
    const answer = await page.request.get(PAGE + file);
    const header = answer.headers()["content-security-policy"];
    const html = await answer.text();
    check(header && html.includes(`"${header}"`), `${file}: the header is ${header}`);
    check(header.startsWith("default-src 'none'") && !header.includes("frame-ancestors"), `${file}: ${header}`);
    check(!/script-src[^;]*'unsafe-(inline|eval)'/.test(header), `${file}: ${header}`);
    check(answer.headers()["x-frame-options"] === undefined, `${file}: it cannot be framed`);
  }
}

async function sandboxed(browser) {
  for (const appendix of ["", "#?secret=Q2w3E4r5T6"]) {
    const page = await (await browser.newContext({ viewport: { width: 900, height: 900 }, locale: "en-US" })).newPage();
    const complaints = watch(page);
    await page.goto(`${OTHER_SITE}host.html?width=820&height=760&page=${encodeURIComponent(`${PAGE}course/${appendix}`)}`);
    const course = page.frameLocator("iframe");
    for (const number of [0, 3]) {
      const one = course.locator("blumfeld-player").nth(number);
      await one.getByRole("button", { name: LOAD.en }).click();
      await ready(one.frameLocator("iframe"));
      await one.frameLocator("iframe").locator("footer.time button.play").click();
      await until(() => one.frameLocator("iframe").locator("footer.time button.play use").getAttribute("href"), (sign) => sign === "#i-pause", "it does not play");
    }
    none(complaints, "complaints");
  }
}

/** Waits until a whole version is kept. */
async function kept(page, version) {
  const names = async () => page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    const done = registration?.active?.state === "activated" && !registration.installing && !registration.waiting;
    return done ? caches.keys() : [];
  });
  const is = (all) => (version ? all.includes(`blumfeld-${version}`) : all.length > 0);
  return until(names, is, `no version ${version ?? ""} is kept`, 60);
}

async function offline(browser) {
  const here = await site();
  const { page, context } = await open(browser, `${here.address}course/`, { serviceWorkers: "allow" });
  await kept(page);
  await here.close();
  await page.reload();
  await player(page, 0).getByRole("button", { name: LOAD.en }).click();
  const frame = player(page, 0).frameLocator("iframe");
  await ready(frame);
  await frame.locator("footer.time button.play").click();
  await until(() => frame.locator("footer.time .clock").innerText(), (text) => parseFloat(text) > 24, "it does not play");
  // The stage, the library and the other language, too.
  const stage = await context.newPage();
  await stage.goto(`${here.address}?lang=zh`);
  await ready(stage);
  for (const address of ["library.zh.html", "course/zh.html"]) await stage.goto(here.address + address);
}

async function updated(browser) {
  const here = await site();
  const { page } = await open(browser, `${here.address}course/`, { serviceWorkers: "allow" });
  const [first] = await kept(page);
  // Another version: a sentence, the player's script under its old name, and the worker that names them.
  here.changed.set("course/index.html", (html) => html.replace("<h1>", "<h1>New: "));
  here.changed.set("player/player.js", (script) => script.replace("Click to load", "Press to load"));
  here.changed.set("sw.js", (script) => script.replace(/VERSION = "[0-9a-f]+"/, 'VERSION = "fedcba9876543210"'));
  await page.reload();
  // At the first visit already, although the browser was told to trust its memory for an hour.
  check((await page.locator("h1").innerText()).startsWith("New: "), "the page is stale after an update");
  await player(page, 0).getByRole("button", { name: /Press to load/ }).waitFor();
  await kept(page, "fedcba9876543210");
  check(first !== "blumfeld-fedcba9876543210", first);
  await here.close();
  await page.reload();
  check((await page.locator("h1").innerText()).startsWith("New: "), "without a network the old page is back");
  await player(page, 0).getByRole("button", { name: /Press to load/ }).waitFor();
}

const OF_EDITOR = "api/engine/blumfeld_js_bg.wasm";

/** Is the editor's program kept, whole and of the newest version? */
const hasEditor = (page) => page.evaluate(async (file) => {
  const newest = (await caches.keys()).at(-1);
  return Boolean(newest && await (await caches.open(newest)).match("/api/index.js") && await caches.match(`/${file}`));
}, OF_EDITOR);

/** Opened once, the editor checks, completes and runs without a network, and goes on doing so after an update. */
async function editorOffline(browser) {
  const here = await site();
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "zh-CN", serviceWorkers: "allow" });
  const page = await context.newPage();
  // Whoever never opens the editor does not get its program.
  await page.goto(`${here.address}course/`);
  await kept(page);
  check(!(await hasEditor(page)) && !here.asked.includes(OF_EDITOR), "a first visit brings the editor's program");
  await page.goto(`${here.address}editor.html?lang=zh`);
  await page.locator("#doing", { hasText: /^Kafka 的/ }).waitFor({ timeout: 60_000 });
  await until(() => hasEditor(page), (is) => is, "the editor's program is not kept", 60);
  // A version that names another program than the site has is kept without it; one with the same program has it at once.
  here.changed.set("sw.js", (script) => script.replace(/VERSION = "[0-9a-f]+"/, 'VERSION = "fedcba9876543210"'));
  await page.goto(`${here.address}course/`);
  await kept(page, "fedcba9876543210");
  await until(() => hasEditor(page), (is) => is, "an update loses the editor's program", 60);
  await here.close();
  await page.goto(`${here.address}editor.html?lang=zh`);
  await page.locator("#doing", { hasText: /^Kafka 的/ }).waitFor({ timeout: 60_000 });
  await page.locator("#text").focus();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("@20s kil");
  await page.locator("#completion [role=option]", { hasText: "kill 名称" }).waitFor();
  await page.keyboard.press("Escape");
  await page.locator("#problems li", { hasText: "没有“kil”这个命令" }).waitFor();
  await page.keyboard.type("l 1\n@40s see leader orders-0 is 9");
  await page.locator("#results li.failed", { hasText: "应当是“9”" }).waitFor({ timeout: 60_000 });
}

/** A program that belongs to another version is not kept among this one's. */
async function editorOfAnotherVersion(browser) {
  const here = await site();
  here.changed.set("sw.js", (script) => script.replace(/(blumfeld_js\.js",")[0-9a-f]{8}/, (_, name) => `${name}00000000`));
  const context = await browser.newContext({ locale: "en-US", serviceWorkers: "allow" });
  const page = await context.newPage();
  await page.goto(`${here.address}editor.html?lang=en`);
  await page.locator("#doing", { hasText: /^Ran/ }).waitFor({ timeout: 60_000 });
  await kept(page);
  await page.waitForTimeout(3_000);
  check(!(await hasEditor(page)), "another version's program is kept");
  await here.close();
}

/** Frames keep nothing: only a page of its own does. */
async function keepsNothing(browser) {
  const here = await site();
  const page = await (await browser.newContext({ serviceWorkers: "allow", locale: "en-US" })).newPage();
  await page.goto(`${OTHER_SITE}host.html?page=${encodeURIComponent(`${here.address}?embed=1`)}`);
  await ready(page.frameLocator("iframe"));
  await page.waitForTimeout(4_000);
  check(!here.asked.includes("sw.js"), "a frame has a service worker");
  await here.close();
}

export const tests = {
  "in both languages": reads,
  "its policy is a header too": policies,
  "in a frame without an origin": sandboxed,
  "without a network": offline,
  "is not stale after an update": updated,
  "the editor without a network": editorOffline,
  "the editor of another version": editorOfAnotherVersion,
  "frames keep nothing": keepsNothing,
};
