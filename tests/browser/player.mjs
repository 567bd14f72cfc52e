// The player on other pages: posters before anything is loaded, six of them, at rest when nobody looks, methods and events,
// heights as hosts read them, each option as an attribute; and the page that is one file, from a file.

import { check, none, OTHER_SITE, PAGE, ready, until, violations, watch } from "./lib.mjs";
import { DIST } from "./site.mjs";

/** Broker 2, which leads orders-1, was killed at 24 s. Without hashes: it opens whatever changes. */
const LINK = "#b1.Y2BkMP09s-lCJAMGYCxmYBJ-N0n_M5dQ1sXkbZN_MDAAAA";

/** A host of another origin with players. Animation frames are counted in every frame. */
async function host(browser, attributes = {}, { n = 1, width = 900 } = {}) {
  const context = await browser.newContext({ viewport: { width, height: 760 }, locale: "en-US" });
  await context.addInitScript(() => {
    globalThis.framesDrawn = 0;
    const ask = globalThis.requestAnimationFrame;
    globalThis.requestAnimationFrame = (heard) => ask((stamp) => { globalThis.framesDrawn += 1; heard(stamp); });
  });
  const page = await context.newPage();
  const complaints = watch(page);
  const requests = [];
  page.on("request", (request) => requests.push(request.url()));
  await page.goto(`${OTHER_SITE}players.html?${new URLSearchParams({ script: `${PAGE}player/player.js`, n, ...attributes })}`);
  await page.locator("blumfeld-player .poster").first().waitFor();
  return { page, complaints, requests };
}

const player = (page, number = 1) => page.locator(`#player-${number}`);
const inner = (page, number = 1) => player(page, number).frameLocator("iframe");
const loader = (page, number = 1) => player(page, number).getByRole("button", { name: /Click to load|点击加载/ });

async function loaded(page, number = 1) {
  await loader(page, number).click();
  await ready(inner(page, number));
}

async function answers(page) {
  return (await page.locator("#answers li").allInnerTexts()).map((line) => JSON.parse(line));
}

/** Calls a method and gives what came of it. */
async function call(page, name, argument = "", number = 1) {
  const before = (await answers(page)).length;
  await page.locator("#number").fill(String(number));
  await page.locator("#argument").fill(argument);
  await page.locator("#call").selectOption(name);
  await page.getByRole("button", { name: "Do it" }).click();
  const mine = (all) => all.slice(before).find(({ called }) => called === name);
  return mine(await until(() => answers(page), (all) => Boolean(mine(all)), `${name} is not answered`, 70));
}

/** Animation frames of a player's page in that many milliseconds. */
async function framesIn(page, number, milliseconds) {
  const element = await player(page, number).locator("iframe").elementHandle();
  const frame = await element.contentFrame();
  const before = await frame.evaluate(() => globalThis.framesDrawn);
  await page.waitForTimeout(milliseconds);
  return (await frame.evaluate(() => globalThis.framesDrawn)) - before;
}

async function posters(browser) {
  const { page, complaints, requests } = await host(browser, { title: "Who waits?" }, { n: 6 });
  check((await page.locator("blumfeld-player .poster svg").count()) >= 6, "posters are not drawn");
  const drawn = await until(() => page.evaluate(() => Number(document.documentElement.dataset.drawn)), (time) => time > 0, "not drawn");
  console.log(`six posters: ${drawn.toFixed(0)} ms after their script`);
  check(drawn < 200, `six posters took ${drawn} ms`);
  await page.waitForTimeout(500);
  none(requests.filter((url) => url.startsWith(PAGE) && !url.endsWith("player.js")), "asked for before a click");
  check((await page.locator("iframe").count()) === 0, "a frame is there before a click");
  none(await violations(page), "axe, posters");
  await loaded(page);
  const frame = player(page).locator("iframe");
  check((await frame.getAttribute("title")) === "Experiment: Who waits?", "the frame has no title");
  check((await frame.getAttribute("sandbox")).startsWith("allow-scripts") && !(await frame.getAttribute("sandbox")).includes("same-origin"), "not in a sandbox");
  check((await inner(page).locator("header.title-bar b").innerText()) === "Who waits?", "title= is not in the bar");
  none(complaints, "complaints");
}

async function six(browser) {
  const { page, complaints } = await host(browser, { lang: "en" }, { n: 6 });
  for (let number = 1; number <= 6; number += 1) await loaded(page, number);
  for (let number = 1; number <= 6; number += 1) {
    await player(page, number).scrollIntoViewIfNeeded();
    await until(() => framesIn(page, number, 500), (count) => count === 0, `player ${number} draws though it is paused`);
  }
  // One plays; out of sight it stops, back in sight it goes on.
  await player(page, 2).scrollIntoViewIfNeeded();
  await inner(page, 2).locator("footer.time button.play").click();
  check((await framesIn(page, 2, 1_000)) > 5, "it does not play");
  const playing = async () => (await answers(page)).filter(({ player, type }) => player === 2 && ["play", "pause"].includes(type)).at(-1)?.type;
  check((await playing()) === "play", "no play event");
  await player(page, 6).scrollIntoViewIfNeeded();
  await until(playing, (type) => type === "pause", "it plays on where nobody sees it");
  await until(() => framesIn(page, 2, 500), (count) => count === 0, "it draws on where nobody sees it");
  await player(page, 2).scrollIntoViewIfNeeded();
  await until(playing, (type) => type === "play", "it does not go on");
  // The same in a tab that is hidden.
  await page.evaluate(() => scrollTo(0, 0));
  await player(page, 1).scrollIntoViewIfNeeded();
  await call(page, "play");
  const first = async () => (await answers(page)).filter(({ player, type }) => player === 1 && ["play", "pause"].includes(type)).at(-1)?.type;
  await until(first, (type) => type === "play", "it does not play");
  await call(page, "hide");
  await until(first, (type) => type === "pause", "it plays on in a hidden tab");
  await until(() => framesIn(page, 1, 500), (count) => count === 0, "it draws on in a hidden tab");
  await call(page, "show");
  await until(first, (type) => type === "play", "it does not go on");
  await call(page, "pause");
  // What the reader has paused stays so.
  await player(page, 2).scrollIntoViewIfNeeded();
  await until(playing, (type) => type === "play", "it does not go on");
  await inner(page, 2).locator("footer.time button.play").click();
  await until(playing, (type) => type === "pause", "it cannot be paused");
  await player(page, 6).scrollIntoViewIfNeeded();
  await page.waitForTimeout(500);
  await player(page, 2).scrollIntoViewIfNeeded();
  await page.waitForTimeout(1_000);
  check((await playing()) === "pause", "it goes on though the reader has paused it");
  none(complaints, "complaints");
}

async function methods(browser) {
  const { page, complaints } = await host(browser, { lang: "en", link: LINK });
  // Whoever asks loads it.
  const state = await call(page, "getState");
  check(state.answer?.type === "state" && /^\d+$/.test(state.answer.now), JSON.stringify(state));
  const jumped = await call(page, "seek", "26s");
  check(jumped.answer?.type === "state", JSON.stringify(jumped));
  await until(async () => (await call(page, "getState")).answer.now, (now) => now === "26000000000", "26 s are not reached");
  for (const name of ["step", "back", "play", "pause"]) check((await call(page, name)).answer?.type === "state", name);
  const other = await call(page, "load", LINK);
  check(other.answer?.type === "loaded", `${JSON.stringify(other)} ${JSON.stringify(await answers(page))}`);
  const bad = [["seek", "soon", "bad-argument"], ["seek", "mark:nobody", "no-such-mark"], ["load", "#hello", "bad-link"]];
  for (const [name, argument, error] of bad) {
    const answer = await call(page, name, argument);
    check(answer.failed === error && answer.text.endsWith("."), JSON.stringify(answer));
  }
  const kinds = new Set((await answers(page)).map(({ type }) => type));
  for (const kind of ["ready", "loaded", "play", "pause", "step", "state", "error"]) check(kinds.has(kind), `no event ${kind}`);
  // Another title is another page; away is away.
  await call(page, "title", "Another");
  await loader(page).waitFor();
  check((await page.locator("iframe").count()) === 0, "the old frame is still there");
  await call(page, "create", "Made by a script");
  const made = page.locator("blumfeld-player").nth(1);
  // ctl=0 loads by itself, but only what is in sight.
  check((await made.locator("iframe").count()) === 0, "it loads where nobody sees it");
  await made.scrollIntoViewIfNeeded();
  await ready(made.frameLocator("iframe"));
  await call(page, "remove");
  check((await page.locator("iframe").count()) === 1, "a removed player leaves its frame behind");
  none(complaints, "complaints");
}

async function broken(browser) {
  for (const [attributes, words] of [
    [{ src: "javascript:alert(1)" }, /src and link take an address/],
    [{ link: "javascript:alert(1)" }, /src and link take an address/],
    [{ src: "nowhere://x", lang: "zh" }, /src 和 link 需要/],
  ]) {
    const { page, complaints } = await host(browser, attributes);
    await loader(page).click();
    await player(page).getByText(words).waitFor();
    check((await page.locator("iframe").count()) === 0, "a frame is there");
    none(await violations(page), "axe");
    none(complaints, "complaints");
  }
}

/** What is seen of a frame. */
async function seen(frame) {
  const shows = (selector) => frame.locator(selector).first().isVisible();
  return {
    transport: await shows("footer.time"), track: await shows("footer.time .track"), ledger: await shows(".ledger-line"),
    title: await shows("header.title-bar"), headline: await shows(".headline h1"), full: await shows("header.title-bar a.btn"),
    stops: await shows("main#stage [data-thing^=switch-]"),
  };
}

async function options(browser) {
  const all = { transport: true, track: true, ledger: true, title: true, headline: true, full: true, stops: true };
  for (const [attributes, differs, sentence] of [
    [{}, {}],
    [{ CONTROLS: "Step" }, { track: false }],
    [{ controls: "none" }, { transport: false, track: false }],
    [{ hide: "ledger,headline" }, { ledger: false, headline: false }],
    [{ links: "0" }, { full: false }],
    [{ readonly: "1" }, { stops: false }],
    [{ allow: "" }, { stops: false }],
    [{ allow: "produce" }, { stops: false }],
    [{ allow: "kill" }, {}],
    [{ bogus: "1" }, {}],
    [{ speed: "fast" }, {}, /speed does not take “fast”/],
    [{ check: "gate" }, {}, /asks no questions/],
    [{ step: "run" }, {}, /asks no questions/],
    [{ row: "orders-2", at: "20s", theme: "dark" }, {}],
  ]) {
    const { page } = await host(browser, { lang: "en", link: LINK, ...attributes });
    await loaded(page);
    const frame = inner(page);
    const what = JSON.stringify(attributes);
    await until(async () => (await answers(page)).some(({ type }) => type === "loaded"), Boolean, `${what}: not loaded`, 60);
    await until(async () => JSON.stringify(await seen(frame)), (got) => got === JSON.stringify({ ...all, ...differs }), what, 5);
    if (sentence) await frame.locator(".toast").filter({ hasText: sentence }).waitFor({ timeout: 4_000 });
    else check((await frame.locator(".toast.bad:visible").count()) === 0, `${what}: something is said`);
    if (attributes.row) {
      check((await frame.locator(".title-bar select").inputValue()) === "orders-2", "row=");
      check((await frame.locator("html").getAttribute("data-theme")) === "dark", "theme=");
      check((await call(page, "getState")).answer.now === "20000000000", "at=");
    }
    await page.context().close();
  }
}

async function heights(browser) {
  for (const [fragment, secret] of [["#?secret=Q2w3E4r5T6", true], [`${LINK}#?secret=Q2w3E4r5T6`, true], [LINK, false]]) {
    const page = await (await browser.newContext({ viewport: { width: 900, height: 760 }, locale: "en-US" })).newPage();
    const complaints = watch(page);
    const address = encodeURIComponent(`${PAGE}?embed=1&lang=en${fragment}`);
    await page.goto(`${OTHER_SITE}host.html?width=600&height=240&page=${address}`);
    await ready(page.frameLocator("iframe"));
    const said = async () => (await page.locator("#answers li").allInnerTexts()).map((line) => JSON.parse(line));
    const ours = await until(said, (all) => all.some(({ type }) => type === "height"), "no height");
    const { px } = ours.find(({ type }) => type === "height");
    check(px >= 200 && px <= 1_000, `a height of ${px}`);
    await page.waitForTimeout(200);
    const theirs = (await said()).find(({ message }) => message === "height");
    if (secret) check(theirs?.secret === "Q2w3E4r5T6" && theirs.value === px, JSON.stringify(theirs));
    else check(theirs === undefined, "WordPress is told without asking");
    if (fragment.startsWith("#b")) await page.frameLocator("iframe").getByText(/Broker 2 was killed/).first().waitFor();
    else check((await page.frameLocator("iframe").locator(".toast.bad:visible").count()) === 0, "the secret is taken for a link");
    none(complaints, "complaints");
  }
}

async function oneFile(browser) {
  const page = await (await browser.newContext({ viewport: { width: 760, height: 520 }, locale: "en-US" })).newPage();
  const complaints = watch(page);
  const requests = [];
  page.on("request", (request) => requests.push(request.url()));
  await page.goto(`file://${DIST}embed-single.html?embed=1&lang=en${LINK}`);
  await ready(page);
  await page.getByText(/Broker 2 was killed/).first().waitFor();
  await page.locator("footer.time button.play").click();
  await until(() => page.locator("footer.time .clock").innerText(), (text) => parseFloat(text) > 24.1, "it does not play");
  none(requests.filter((url) => !url.startsWith("file:") && !url.startsWith("data:")), "asked for");
  check(requests.filter((url) => url.startsWith("file:")).length === 1, `more than one file: ${requests.filter((url) => url.startsWith("file:"))}`);
  none(complaints, "complaints");
  // In a frame without an origin, too.
  const { page: around } = await framedFile(browser);
  await ready(around.frameLocator("iframe"));
}

async function framedFile(browser) {
  const page = await (await browser.newContext({ locale: "en-US" })).newPage();
  await page.goto(`${OTHER_SITE}host.html?page=${encodeURIComponent(`${PAGE}embed-single.html?embed=1`)}`);
  return { page };
}

/** A page of another version behind the address: the console says so once, and nothing that it sends is taken for ours. */
async function otherVersions(browser) {
  for (const [blumfeld, protocol, warns] of [[2, "2.3.0", 1], [1, "2.0.0", 1], [1, "1.9.0", 0], [1, undefined, 0]]) {
    const { page, complaints } = await host(browser, { lang: "en", src: `${PAGE}other-version/` });
    const messages = JSON.stringify([{ blumfeld, type: "ready", protocol }, { blumfeld, type: "ready", protocol }, { blumfeld, type: "confetti" }]);
    await page.route("**/other-version/**", (route) => route.fulfill({
      contentType: "text/html",
      body: `<!doctype html><title>Another</title><p>Another version</p><script>for (const message of ${messages}) parent.postMessage(message, "*");</script>`,
    }));
    await loader(page).click();
    await inner(page).locator("p").waitFor();
    const told = () => complaints.filter((line) => line.includes("this player speaks version 1.1.0"));
    await until(async () => told(), (lines) => lines.length >= warns, `nothing is said of ${protocol}`);
    if (blumfeld === 1) await until(() => answers(page), (all) => all.some(({ type }) => type === "ready"), "it is not ready");
    await page.waitForTimeout(200);
    check(told().length === warns, `${protocol}: ${complaints.join("\n")}`);
    const kinds = (await answers(page)).map(({ type }) => type);
    check(!kinds.includes("confetti") && (blumfeld === 1 || kinds.length === 0), `heard: ${kinds}`);
    await page.context().close();
  }
}

export const tests = {
  "draws posters before anything is loaded": posters,
  "six at rest": six,
  "answers methods and tells events": methods,
  "says when the page speaks another version": otherVersions,
  "refuses what is no address": broken,
  "takes each option": options,
  "tells heights": heights,
  "is one file, from a file": oneFile,
};

/** What measures time. */
export const alone = ["draws posters before anything is loaded", "six at rest"];
