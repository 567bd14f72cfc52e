// One's own work: kept by itself, found again, renamed, deleted and put back; never in place of another's. Where nothing
// can be kept, that is said.

import { check, none, OTHER_SITE, PAGE, pause, ready, terminal, until, violations, visit, watch } from "./lib.mjs";

const notice = (page) => page.locator(".notice");
const list = (page) => page.locator("dialog ul.kept li");

/** What is kept, by id. */
function kept(page) {
  return page.evaluate(() => {
    const names = Object.keys(localStorage).filter((name) => name.startsWith("blumfeld.kept."));
    return Object.fromEntries(names.map((name) => [name, localStorage.getItem(name)]));
  });
}

const count = async (page) => Object.keys(await kept(page)).length;

/** Does something and waits until it is kept. */
async function work(page, ...lines) {
  const before = await kept(page);
  const type = await terminal(page);
  for (const line of ["halt", ...lines]) await type(line);
  await until(() => kept(page), (now) => JSON.stringify(now) !== JSON.stringify(before), "nothing is kept", 15);
  await page.keyboard.press("Escape");
  return type;
}

async function openList(page) {
  await page.locator("header.top .menu-view > button").click();
  await page.locator("header.top .menu-view li button", { hasText: /Kept experiments|保存的实验/ }).click();
  await page.getByRole("dialog").waitFor();
}

async function listed(browser) {
  const { page, complaints } = await visit(browser, "?lang=en&theme=light");
  await openList(page);
  await page.getByRole("dialog").getByText("Nothing is kept yet").waitFor();
  await page.keyboard.press("Escape");
  await work(page, "kill 2");
  await openList(page);
  check((await list(page).count()) === 1, "one experiment is kept");
  check(/1 act · on the stage now/.test(await list(page).innerText()), await list(page).innerText());
  check((await list(page).getByRole("img").getAttribute("aria-label")) === "3 producers, 3 brokers, 3 consumers", "no picture");
  none(await violations(page), "axe, kept experiments");

  const name = list(page).getByRole("textbox");
  await name.fill("Broker 2 dies");
  await name.press("Enter");
  await list(page).getByRole("button", { name: "Open “Broker 2 dies”" }).waitFor();
  await list(page).getByRole("button", { name: "Delete “Broker 2 dies”" }).click();
  await page.getByText("“Broker 2 dies” is deleted.").waitFor();
  check((await count(page)) === 0, "it is still there");
  check((await page.evaluate(() => document.activeElement.id)) === "kept-put-back", "the focus is lost");
  none(await violations(page), "axe, a deleted experiment");
  await page.getByRole("button", { name: "Put it back" }).click();
  await list(page).getByRole("button", { name: "Open “Broker 2 dies”" }).waitFor();
  none(complaints, "complaints");
}

/** A reload offers this tab's experiment; opened, it goes on in its own place and keeps its name. */
async function foundAgain(browser) {
  const { page, context } = await visit(browser, "?lang=en");
  await work(page, "kill 2");
  await openList(page);
  await list(page).getByRole("textbox").fill("mine");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Escape");
  const other = await context.newPage();
  await other.goto(`${PAGE}?lang=en`);
  await ready(other);
  await work(other, "kill 3");
  check((await count(page)) === 2, "each tab has its own");

  await page.reload();
  await notice(page).filter({ hasText: "Your last experiment is kept" }).waitFor();
  await notice(page).getByRole("button", { name: "Open it" }).click();
  await notice(page).filter({ hasText: /The state matches|no hash/ }).waitFor({ timeout: 30_000 });
  await work(page, "kill 1");
  check((await count(page)) === 2, "it goes on in its own place");
  await openList(page);
  const mine = list(page).filter({ has: page.getByRole("button", { name: "Open “mine”" }) });
  check(/2 acts · on the stage now/.test(await mine.innerText()), await mine.innerText());
}

/** Not even a link on which something is done takes the place of what was kept. */
async function besideLinks(browser) {
  const { page, context } = await visit(browser, "?lang=en");
  await work(page, "kill 2");
  const [mine] = Object.entries(await kept(page));
  await page.locator("header.top button.primary").click();
  const link = await page.locator("#share-link").inputValue();
  const other = await context.newPage();
  await other.goto(link);
  await notice(other).filter({ hasText: /The state matches|no hash/ }).waitFor({ timeout: 30_000 });
  await other.waitForTimeout(6_000);
  check(JSON.stringify(Object.entries(await kept(other))) === JSON.stringify([mine]), "a link that was only opened is kept");
  await work(other, "kill 1");
  const now = await kept(other);
  check(Object.keys(now).length === 2 && now[mine[0]] === mine[1], "the first one is changed");
  // In the same tab as well, without waiting for the browser to keep what was done last.
  await page.keyboard.press("Escape");
  await pause(page);
  const type = await terminal(page);
  await type("kill 3");
  await page.evaluate((hash) => { location.hash = hash; }, link.slice(link.indexOf("#")));
  await notice(page).filter({ hasText: /The state matches|no hash/ }).waitFor({ timeout: 30_000 });
  await until(() => kept(page), (all) => all[mine[0]] !== mine[1], "what was done last is lost", 1);
  check((await count(page)) === 2, "the link is kept as one's own");
}

/** The tab is duplicated: both go on, and neither takes the other's place. */
async function twice(browser) {
  const { page, context } = await visit(browser, "?lang=en");
  await work(page, "kill 2");
  const pages = [page, await context.newPage()];
  const own = await page.evaluate(() => sessionStorage.getItem("blumfeld.own"));
  await pages[1].addInitScript((id) => sessionStorage.setItem("blumfeld.own", id), own);
  for (const one of pages) {
    await one.goto(`${PAGE}?lang=en`);
    await ready(one);
    await notice(one).getByRole("button", { name: "Open it" }).click();
    await notice(one).filter({ hasText: /The state matches|no hash/ }).waitFor({ timeout: 30_000 });
  }
  await work(pages[0], "kill 1");
  await work(pages[1], "kill 3");
  check((await count(page)) === 2, "one has taken the other's place");
}

function keeping(entries) {
  const localStorage = Object.entries(entries).map(([name, value]) => ({ name, value }));
  return { storageState: { cookies: [], origins: [{ origin: new URL(PAGE).origin, localStorage }] } };
}

async function tenNewest(browser) {
  const made = await visit(browser, "?lang=en");
  await work(made.page, "kill 2");
  const [text] = Object.values(await kept(made.page));
  await made.context.close();
  const aged = (age) => text.replace(/^kept 1\n\d+\n/, `kept 1\n${1_000 + age}\n`);
  const twelve = Object.fromEntries(Array.from({ length: 12 }, (_, age) => [`blumfeld.kept.${age}`, aged(age)]));
  const { page } = await visit(browser, "?lang=en", keeping({ ...twelve, "blumfeld.kept.x": "💥", "blumfeld.last": "{}" }));
  await openList(page);
  check((await list(page).count()) === 12, "what was there is listed");
  await page.keyboard.press("Escape");
  await work(page, "kill 1");
  await openList(page);
  check((await list(page).count()) === 10, `${await list(page).count()} are kept`);
  check((await kept(page))["blumfeld.kept.0"] === undefined, "the oldest is still there");
  check((await kept(page))["blumfeld.kept.x"] === "💥", "what is not ours is gone");
}

/** What a page of before has kept is taken over. */
async function fromBefore(browser) {
  const made = await visit(browser, "?lang=en");
  await work(made.page, "kill 2");
  await made.page.locator("header.top button.primary").click();
  const last = await made.page.locator("#share-link").inputValue();
  await made.context.close();
  const { page } = await visit(browser, "?lang=en", keeping({ "blumfeld.last": last }));
  await notice(page).getByRole("button", { name: "Open it" }).click();
  await notice(page).filter({ hasText: /The state matches|no hash/ }).waitFor({ timeout: 30_000 });
}

/** Fills what the browser gives the page to its last letters, from the page itself: what another one has put there may not
 * have arrived yet. Says how many letters that were. */
function fill(page) {
  return page.evaluate(() => {
    let letters = 0;
    for (let size = 2 ** 22, number = 0; size >= 1; ) {
      try {
        localStorage.setItem(`foreign.${number}`, "x".repeat(size));
        letters += size;
        number += 1;
      } catch {
        size = Math.floor(size / 2);
      }
    }
    return letters;
  });
}

async function full(browser) {
  const { page, complaints } = await visit(browser, "?lang=en&theme=dark");
  check((await fill(page)) > 1_000_000, "the storage is not what it was");
  const type = await terminal(page);
  for (const line of ["halt", "kill 2"]) await type(line);
  const told = notice(page).filter({ hasText: "This experiment is not kept" });
  const now = async () => ({ told: await told.count(), kept: Object.keys(await kept(page)) });
  await until(now, ({ told }) => told === 1, "it is not told", 40);
  check(/no room/.test(await notice(page).innerText()), await notice(page).innerText());
  none(await violations(page), "axe, not kept");
  await notice(page).getByRole("button", { name: "Close" }).click();
  await type("kill 3");
  await page.waitForTimeout(6_000);
  check((await notice(page).count()) === 0, "it is said again");
  none(complaints, "complaints");
}

/** A frame without storage that is no embedded page says so; an embedded one keeps nothing and says nothing. */
async function forbidden(browser) {
  for (const [options, said] of [["?lang=en", 1], ["?embed=1&lang=en", 0]]) {
    const page = await (await browser.newContext({ viewport: { width: 1500, height: 1000 }, locale: "en-US" })).newPage();
    const complaints = watch(page);
    const framed = encodeURIComponent(PAGE + options);
    await page.goto(`${OTHER_SITE}host.html?width=1440&height=800&page=${framed}`);
    const frame = page.frameLocator("iframe");
    await ready(frame);
    await frame.locator("main#stage").press("t");
    const line = frame.locator(".terminal input");
    for (const text of ["halt", "kill 2"]) {
      await line.fill(text);
      await line.press("Enter");
    }
    await page.waitForTimeout(6_000);
    const found = await frame.locator(".notice").filter({ hasText: "lets the page keep nothing" }).count();
    check(found === said, `${options}: said ${found} times`);
    none(complaints, "complaints");
  }
}

/** Another link is opened over two branches: both can be found again. */
async function bothBranches(browser) {
  const { page } = await visit(browser, "?lang=en");
  await work(page, "kill 2", "fork", "kill 3");
  const other = await visit(browser, "?lang=en");
  await work(other.page, "kill 1");
  const link = await other.page.evaluate(() => globalThis.blumfeld.getState().link);
  await page.evaluate((hash) => { location.hash = hash; }, link.slice(link.indexOf("#")));
  await notice(page).filter({ hasText: /The state matches/ }).waitFor({ timeout: 30_000 });
  check((await count(page)) === 2, `${await count(page)} are kept`);
  await openList(page);
  const names = await list(page).getByRole("textbox").evaluateAll((all) => all.map((field) => field.value || field.placeholder));
  check(names.some((name) => / · .*A/.test(name)), names.join(" / "));
}

async function inChinese(browser) {
  const { page } = await visit(browser, "?lang=zh&theme=dark", { viewport: { width: 360, height: 780 } });
  await work(page, "kill 2");
  await page.locator("header.top button.primary").click();
  await page.getByRole("dialog").getByRole("button", { name: "保存的实验" }).click();
  await list(page).waitFor();
  none(await violations(page), "axe, kept experiments, narrow");
  check((await page.evaluate(() => document.documentElement.scrollWidth)) <= 360, "the list is too wide");
}

export const tests = {
  "a list": listed,
  "found again": foundAgain,
  "beside links": besideLinks,
  "in two tabs": twice,
  "the ten newest": tenNewest,
  "from an older page": fromBefore,
  "without room": full,
  "where nothing may be kept": forbidden,
  "both branches": bothBranches,
  "narrow, Chinese": inChinese,
};
