// Links: a good one replays and says that it matches. One that is damaged, foreign, hostile, of the future or kept
// from another page opens the first scene with a sentence, and offers the steps that can still be read.

import { check, clock, none, PAGE, terminal, until, visit } from "./lib.mjs";
import { forged, packed } from "./forge.mjs";

const notice = (page) => page.locator(".notice");

/** Opens an address and waits for its card. */
async function opened(browser, address, options) {
  const { page, complaints, context } = await visit(browser, address, options);
  await notice(page).waitFor({ timeout: 60_000 });
  const said = await notice(page).innerText();
  return { page, complaints, context, said };
}

/** The first scene stands and can be used. */
async function stands(page) {
  check((await page.locator("main#stage svg:not(.i)").count()) > 0, "the page is empty");
  await until(() => clock(page), ({ at }) => at >= 24, "the first scene does not open");
}

/** The fragment that the share dialog hands out. */
async function shared(page) {
  await page.getByRole("button", { name: "Share", exact: true }).first().click();
  const link = await page.locator("#share-link").inputValue();
  await page.keyboard.press("Escape");
  return link.slice(link.indexOf("#"));
}

/** A link with steps, as a person makes it. */
async function made(browser, steps = ["halt", "send web hello key=order-1", "seek 26s", "kill 2", "seek 30s", "start 2"]) {
  const { page, context } = await visit(browser);
  const type = await terminal(page);
  for (const step of steps) await type(step);
  const fragment = await shared(page);
  await context.close();
  return fragment;
}

const FOREIGN = {
  "foreign": ["#some-anchor-of-another-page", /not a link of Blumfeld/],
  "empty": ["#b1.", /cut off|damaged/],
  "damaged": ["#b1.AAAA____not-a-link", /cut off|damaged/],
  "of the future": ["#b9.AAAA", /newer than the page/],
  "noise": [`#b1.${"A".repeat(20_000)}`, /cut off|damaged/],
  "too long": [`#b1.${"A".repeat(70_000)}`, /asks for too much/],
  "a bomb": [packed(new Uint8Array(20_000_000)), /asks for too much/],
  "no scenario": ["?s=nobody", /This scenario is not here/],
};

async function opens(browser, address, sentence) {
  const { page, complaints, said } = await opened(browser, address);
  check(sentence.test(said), said);
  await stands(page);
  // Whether a site has a scenario of that name only its server knows.
  none(complaints.filter((complaint) => !(address.startsWith("?s=") && complaint.includes("404"))), "complaints");
}

/** Well-formed links that ask for too much, or were written by others. */
async function hostile(browser) {
  const link = await made(browser, []);
  const week = 7n * 24n * 3_600_000_000_000n;
  for (const [changes, sentence] of [
    [{}, /The state matches/],
    [{ state: ([first, ...rest]) => [first ^ 1, ...rest] }, /The state differs/],
    [{ run: (bytes) => [...bytes.slice(0, 7), bytes[7] ^ 128] }, /The state differs/],
    [{ semantics: 9 }, /made by another version/],
    [{ end: week * 3n }, /asks for too much/],
    [{ steps: 1_000_000_000 }, /asks for too much/],
  ]) {
    const { page, complaints, context, said } = await opened(browser, forged(link, changes));
    check(sentence.test(said), `${JSON.stringify(Object.keys(changes))}: ${said}`);
    await stands(page);
    none(complaints, "complaints");
    await context.close();
  }
}

/** A run of five days: the page stays responsive, and the reader can stop it. */
async function endless(browser) {
  const end = 5n * 24n * 3_600_000_000_000n;
  const { page } = await visit(browser, forged(await made(browser, []), { end, behind: 0, events: 900_000_000 }));
  const bar = page.locator("progress#opening");
  await bar.waitFor();
  check((await gaps(page)) < 100, "the page does not answer while a link is opened");
  await page.locator(".opening button").click();
  await notice(page).filter({ hasText: "Stopped on the way" }).waitFor();
}

/** The time between frames, of which one in twenty is longer, over two seconds. */
function gaps(page) {
  return page.evaluate(
    () =>
      new Promise((done) => {
        const found = [];
        let before = performance.now();
        const start = before;
        const frame = (now) => {
          found.push(now - before);
          before = now;
          if (now - start < 2_000) requestAnimationFrame(frame);
          else done(found.sort((a, b) => a - b)[Math.floor(found.length * 0.95)]);
        };
        requestAnimationFrame(frame);
      }),
  );
}

/** What chat programs and mail make of a link. */
async function mangled(browser) {
  const link = await made(browser);
  const escaped = `#${[...link.slice(1)].map((c) => (/[._-]/.test(c) ? `%${c.charCodeAt(0).toString(16)}` : c)).join("")}`;
  for (const address of [link, escaped, `${link}.`, `${link}#?secret=abc`, `?utm_source=chat${link}&x=1`]) {
    const { context, complaints, said } = await opened(browser, address);
    check(/The state matches/.test(said), `${address}: ${said}`);
    none(complaints, "complaints");
    await context.close();
  }
}

/** Of a link that is cut off, the steps that can be read are offered, and played. */
async function cutOff(browser) {
  const link = await made(browser);
  const { page, complaints, said } = await opened(browser, link.slice(0, link.length - 14));
  check(/cut off/.test(said), said);
  await stands(page);
  await notice(page).getByRole("button", { name: /^Play / }).click();
  await notice(page).filter({ hasText: "Played what could be read" }).waitFor({ timeout: 30_000 });
  none(complaints, "complaints");
}

/** Five hundred acts over a long run: progress, a way to stop, and frames all the while. */
async function long(browser) {
  const { page, context } = await visit(browser);
  const type = await terminal(page);
  await type("halt");
  // Nothing that the cluster answers: a line waits for the answer to the one before, and time stands still.
  await type("pace web 700ms");
  for (let count = 1; count < 500; count += 1) {
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Enter");
  }
  // What is typed must not meet a picture that is still on its way.
  await page.waitForTimeout(500);
  await type("seek 240s");
  await page.locator("progress#opening").waitFor();
  await until(() => clock(page), ({ at }) => at >= 240, "240 s are not reached", 90);
  const fragment = await shared(page);
  console.log(`500 acts over 240 s: ${fragment.length} characters`);
  await context.close();

  const { page: other, complaints } = await visit(browser, fragment);
  const bar = other.locator("progress#opening");
  await bar.waitFor();
  const share = async () => Number((await bar.getAttribute("value", { timeout: 1_000 }).catch(() => null)) ?? 1_000);
  const first = await share();
  const slow = await gaps(other);
  console.log(`while it is opened, 95 % of frames come within ${slow.toFixed(0)} ms`);
  check(slow < 100, `a frame takes ${slow} ms`);
  check((await share()) > first, "no progress is seen");
  await notice(other).filter({ hasText: "The state matches" }).waitFor({ timeout: 90_000 });
  none(complaints, "complaints");
}

/** A visit whose browser has kept something under our names. */
function keeping(kept) {
  const localStorage = Object.entries(kept).map(([name, value]) => ({ name: `blumfeld.${name}`, value }));
  return { storageState: { cookies: [], origins: [{ origin: new URL(PAGE).origin, localStorage }] } };
}

async function kept(browser) {
  for (const last of ["", "{}", "#b1.", "\u0000💥", "x".repeat(1_000_000), "#b7.AAAA", `#b1.${"A".repeat(70_000)}`]) {
    const options = keeping({ last, theme: "pink", lang: "💥", keys: "{}" });
    const { page, complaints, context } = await visit(browser, "", options);
    await stands(page);
    check((await notice(page).count()) === 0, `offered: ${last.slice(0, 20)}`);
    none(complaints, "complaints");
    await context.close();
  }
}

/** What was done is kept by itself, and offered at the next visit. */
async function offered(browser) {
  const { page, context } = await visit(browser);
  const type = await terminal(page);
  for (const line of ["halt", "kill 2"]) await type(line);
  await until(
    () => page.evaluate(() => Object.entries(localStorage).find(([name]) => name.startsWith("blumfeld.kept."))?.[1]),
    (last) => last?.includes("#b1."),
    "nothing is kept",
  );
  const again = await context.newPage();
  await again.goto(PAGE);
  await notice(again).filter({ hasText: "Your last experiment is kept" }).waitFor();
  await notice(again).getByRole("button", { name: "Open it" }).click();
  await notice(again).filter({ hasText: /no hash/ }).waitFor({ timeout: 30_000 });
}

export const tests = {
  ...Object.fromEntries(
    Object.entries(FOREIGN).map(([name, [address, sentence]]) => [name, (browser) => opens(browser, address, sentence)]),
  ),
  "forged": hostile,
  "endless": endless,
  "as others pass them on": mangled,
  "cut off": cutOff,
  "long": long,
  "kept by others": kept,
  "kept by itself": offered,
};

/** What measures time. */
export const alone = ["long"];
