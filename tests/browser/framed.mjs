// A link inside another page, 760 by 520: nothing over its stage, the headline, the controllers and the row that matters in
// view, each option as docs/embedding.md says. And a phone: the way back never lies over the newest line of the story.

import { button, check, clock, none, OTHER_SITE, PAGE, pause, picture, ready, terminal, until, violations, visit, watch } from "./lib.mjs";

/** A link to the moment after broker 2, which leads orders-1, has died. */
async function made(browser) {
  const { page, context } = await visit(browser, "?lang=en");
  const type = await terminal(page);
  for (const step of ["halt", "kill 2"]) await type(step);
  await page.getByRole("button", { name: "Share", exact: true }).first().click();
  const link = await until(() => page.locator("#share-link").inputValue(), (link) => link.includes("#b"), "no link");
  await context.close();
  return link.slice(link.indexOf("#"));
}

/** Another page that frames ours; waits until the link in `address` has been opened. */
async function framed(browser, address, { width = 760, height = 520 } = {}) {
  const page = await (await browser.newContext({ viewport: { width: 900, height: 760 }, locale: "en-US" })).newPage();
  const complaints = watch(page);
  await page.goto(`${OTHER_SITE}host.html?width=${width}&height=${height}&page=${encodeURIComponent(PAGE + address)}`);
  const frame = page.frameLocator("iframe");
  await ready(frame);
  const loaded = async () => (await answers(page)).some(({ type }) => type === "loaded");
  await until(loaded, Boolean, "it is not loaded", 60);
  return { page, frame, complaints };
}

async function answers(page) {
  return (await page.locator("#answers li").allInnerTexts()).map((line) => JSON.parse(line));
}

const inside = (box, { width, height }) =>
  box && box.x >= -0.5 && box.y >= -0.5 && box.x + box.width <= width + 0.5 && box.y + box.height <= height + 0.5;

async function quiet(browser) {
  const link = await made(browser);
  for (const [theme, lang, match] of [["light", "en", /The state matches/], ["dark", "zh", /状态一致/]]) {
    const { page, frame, complaints } = await framed(browser, `?embed=1&theme=${theme}&lang=${lang}${link}`);
    await page.waitForTimeout(300);
    check((await frame.locator(".side:visible, .toast:visible, dialog[open], .opening:visible").count()) === 0, "something lies over the stage");
    check(match.test(await frame.locator(".title-bar .mark").getAttribute("aria-label")), "no sign that it matches");
    const edge = await page.locator("iframe").boundingBox();
    const within = async (locator, what) => {
      const box = await locator.boundingBox();
      const here = box && { ...box, x: box.x - edge.x, y: box.y - edge.y };
      check(inside(here, edge) && box.height > 10, `${what} is not in view: ${JSON.stringify(here)}`);
    };
    await within(frame.locator(".headline h1"), "the headline");
    check((await frame.locator("main#stage circle.node").count()) === 3, "three controllers");
    await within(frame.locator("main#stage circle.node").last(), "the last controller");
    await within(frame.locator("main#stage [role=group]", { hasText: "Broker 3" }).last(), "the last broker");
    check((await frame.locator(".title-bar select").inputValue()) === "orders-1", "not the row that matters");
    check(await frame.locator("main#stage").evaluate((stage) => stage.scrollHeight <= stage.clientHeight), "it scrolls");
    await picture(page, `framed-${theme}-${lang}`);
    none(complaints, "complaints");
  }
  const { page } = await visit(browser, `?embed=1&lang=en${link}`, { viewport: { width: 760, height: 520 } });
  none(await violations(page), "axe");
}

/** What is seen of a frame. */
async function seen(frame) {
  const shows = (selector) => frame.locator(selector).first().isVisible();
  return {
    transport: await shows("footer.time"),
    track: await shows("footer.time .track"),
    ledger: await shows(".ledger-line"),
    title: await shows("header.title-bar"),
    headline: await shows(".headline h1"),
    full: await shows("header.title-bar a.btn"),
    stops: await shows("main#stage [data-thing^=switch-]"),
  };
}

async function options(browser) {
  const link = await made(browser);
  const all = { transport: true, track: true, ledger: true, title: true, headline: true, full: true, stops: true };
  for (const [address, differs, sentence] of [
    ["", {}],
    ["&controls=none", { transport: false, track: false }],
    ["&controls=step", { track: false }],
    ["&hide=ledger", { ledger: false }],
    ["&hide=timeline", { transport: false, track: false }],
    ["&hide=title,headline", { title: false, headline: false, full: false }],
    ["&links=0", { full: false }],
    ["&readonly=1", { stops: false }],
    ["&allow=produce", { stops: false }],
    ["&allow=kill", {}],
    ["&allow=bogus", {}, /allow does not take “bogus”/],
    ["&bogus=1", {}, /an option “bogus” that this page does not know/],
    ["&row=orders-9", {}, /no partition orders-9/],
    ["&utm_source=course", {}],
  ]) {
    const { page, frame } = await framed(browser, `?embed=1&lang=en${address}${link}`);
    const expected = JSON.stringify({ ...all, ...differs });
    const got = JSON.stringify(await seen(frame));
    check(got === expected, `${address}: ${got}`);
    if (sentence) await frame.locator(".toast").filter({ hasText: sentence }).waitFor({ timeout: 4_000 });
    else check((await frame.locator(".toast:visible").count()) === 0, `${address}: something is said`);
    await page.context().close();
  }
}

async function rows(browser) {
  const link = await made(browser);
  const { frame } = await framed(browser, `?embed=1&row=orders-2${link}`);
  check((await frame.locator(".title-bar select").inputValue()) === "orders-2", "row= is not shown");
  const forbidden = await framed(browser, "?embed=1&lang=en&allow=produce");
  check((await forbidden.frame.locator(".hint").count()) === 0, "what is forbidden is to be tried");
  const playing = await framed(browser, `?embed=1&autoplay=1${link}`);
  const sign = playing.frame.locator("footer.time button.play use");
  await until(() => sign.getAttribute("href"), (href) => href === "#i-pause", "autoplay=1 does not play a link");
}

/** Do the two lie over each other? */
async function overlap(one, other) {
  const [a, b] = [await one.boundingBox(), await other.boundingBox()];
  return a && b && a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

async function phone(browser) {
  for (const [theme, lang, stop, undo] of [["light", "en", "Stop broker 2 at once", "Undo"], ["dark", "zh", /2/, "撤销"]]) {
    const options = { viewport: { width: 360, height: 740 }, hasTouch: true };
    const { page, complaints } = await visit(browser, `?theme=${theme}&lang=${lang}`, options);
    await until(() => clock(page), ({ at }) => at >= 24, "the scene opens");
    await pause(page);
    check((await page.evaluate(() => document.documentElement.scrollWidth)) <= 360, "the page is too wide");
    const header = await page.locator("header.top .btn:visible").all();
    for (const one of header) check((await one.boundingBox()).x + (await one.boundingBox()).width <= 360, "the header does not fit");
    await page.locator("main#stage [data-thing^=switch-]").nth(1).tap();
    const toast = page.locator(".toasts.acts .toast");
    await toast.waitFor();
    await page.locator(".last-lines .note").first().waitFor();
    await picture(page, `phone-toast-${theme}-${lang}`);
    // The newest line scrolls with the stage, as far as the ledger below it; the toast covers no more than that.
    const [over, under] = [await toast.boundingBox(), await page.locator(".ledger").first().boundingBox()];
    check(over.y >= under.y - 2, "the toast lies over the newest line");
    check(!(await overlap(toast, page.locator("footer.time"))), "the toast lies over the transport");
    // Beyond the toast, too.
    await page.locator("footer.time .tempo").tap();
    await page.locator("footer.time .sheet").getByRole("button", { name: undo }).first().tap();
    await until(() => page.locator("main#stage .lane.stopped").count(), (count) => count === 0, "undo does nothing");
    none(complaints, "complaints");
  }
  const { page } = await visit(browser, "?embed=1&lang=zh", { viewport: { width: 360, height: 520 } });
  check((await page.evaluate(() => document.documentElement.scrollWidth)) <= 360, "the frame is too wide");
  for (const part of await page.locator(".title-bar > *:visible").all()) {
    const box = await part.boundingBox();
    check(box.x >= 0 && box.x + box.width <= 360, "the title bar does not fit");
  }
  await picture(page, "framed-phone");
}

export const tests = {
  "a link opens quietly": quiet,
  "each option does what it says": options,
  "the row that is asked for": rows,
  "a phone": phone,
};
