// A run of two clusters, of which one is shown: tabs by mouse and by keys, the address that names one, what is done to the
// one that is shown, and a telephone.

import { button, check, clock, headline, linkOf, none, terminal, until, violations, visit } from "./lib.mjs";

const TEXT = `blumfeld 1
seed: 5
open: 14s
brokers: 3
controllers: 1
cluster: west
brokers: 2
controllers: 1
set: offsets.topic.replication.factor=1

@6s create-topic orders partitions=2 rf=3
in west create-topic orders partitions=3 rf=2
@7s add-producer web orders acks=all keys=a,b every=50ms
in west add-producer shop orders acks=all keys=b,c,d every=70ms
@20s kill west-2
@40s start west-2
== en
title: Two clusters
== zh
title: 两个集群
`;

const tab = (page, name) => page.getByRole("tab", { name: new RegExp(`^${name}`) });
/** Only west's topic has a third partition. */
const hasThird = async (page) => (await page.locator("main#stage").innerHTML()).includes("orders-2");
const shown = (page) => page.locator(".clusters [aria-selected=true]").innerText();
const shows = (page, name) => until(() => shown(page), (text) => text.startsWith(name), `${name} is not shown`);

async function arrives(browser, options = "", context = {}) {
  const visited = await visit(browser, `?lang=en&theme=light${options}${linkOf(TEXT)}`, context);
  await until(() => clock(visited.page), ({ at }) => at === 14, "it does not open at 14 s", 60);
  return visited;
}

/** A click shows the other cluster: its rows, its story, its names. */
async function byMouse(browser) {
  const { page, complaints } = await arrives(browser);
  await shows(page, "blumfeld");
  check((await page.getByRole("tablist", { name: "Clusters" }).count()) === 1, "the row of tabs has no name");
  check(!(await hasThird(page)), "the stage shows rows of another cluster");
  await tab(page, "west").click();
  await shows(page, "west");
  await until(() => hasThird(page), Boolean, "the stage still shows the rows of the first cluster", 5);
  const panel = page.getByRole("tabpanel").filter({ has: page.locator("svg") }).first();
  check((await panel.getAttribute("aria-labelledby")) === "stage-head", "the stage does not say whose it is");
  // What is done without a name is done there.
  const type = await terminal(page);
  await type("create-topic gifts partitions=1 rf=1");
  await type("seek 15s");
  await until(() => clock(page), ({ at }) => at === 15, "15 s are not reached");
  await until(() => page.locator("main#stage").innerHTML(), (html) => html.includes("gifts"), "the topic did not come here");
  await tab(page, "blumfeld").click();
  await until(() => page.locator("main#stage").innerHTML(), (html) => !html.includes("gifts"), "the topic came there, too");
  none(complaints, "complaints");
}

/** Arrows go along the tabs and do not step through time; a mark and words say where something is wrong. */
async function byKeys(browser) {
  const { page, complaints } = await arrives(browser);
  await tab(page, "blumfeld").focus();
  await page.keyboard.press("ArrowRight");
  await shows(page, "west");
  check((await clock(page)).at === 14, "an arrow on a tab stepped through time");
  const focused = () => page.evaluate(() => document.activeElement?.id);
  check((await focused()) === "cluster-1", "the focus did not go along");
  await page.keyboard.press("ArrowRight");
  await shows(page, "blumfeld");
  await page.keyboard.press("End");
  await shows(page, "west");
  await page.keyboard.press("Home");
  await shows(page, "blumfeld");
  check((await page.locator(".clusters [tabindex='0']").count()) === 1, "Tab stops at more than one of them");
  const type = await terminal(page);
  await type("seek 21s");
  await until(() => clock(page), ({ at }) => at === 21, "21 s are not reached", 60);
  await page.getByRole("tab", { name: /^west\s+needs attention$/ }).waitFor();
  const title = await tab(page, "west").getAttribute("title");
  await tab(page, "west").click();
  await until(() => headline(page), (text) => text === title, `the headline is not ${title}`);
  none(complaints, "complaints");
}

/** The address names one of them, also after a reload and in what is shared; a wrong name is told. */
async function byAddress(browser) {
  const { page, complaints } = await arrives(browser, "&cluster=west");
  await shows(page, "west");
  await page.reload();
  await until(() => clock(page), ({ at }) => at === 14, "it does not open at 14 s", 60);
  await shows(page, "west");
  await page.locator("main#stage").focus();
  await page.locator("header.top button.primary").click();
  const field = page.locator("#share-link");
  const link = await until(() => field.inputValue().catch(() => ""), (link) => link.includes("http"), "no link");
  check(/[?&]cluster=west\b/.test(link), link);
  none(complaints, "complaints");
  const wrong = await arrives(browser, "&cluster=north");
  const said = "This run has no cluster “north”; cluster= takes blumfeld, west.";
  await wrong.page.locator(".toast").filter({ hasText: said }).waitFor();
  await shows(wrong.page, "blumfeld");
  none(wrong.complaints, "complaints");
}

/** Both themes and languages, wide and narrow: no violation, tabs that a finger hits, a stage that still has its room. */
async function everywhere(browser) {
  for (const [theme, lang, viewport] of [
    ["light", "en", { width: 1440, height: 900 }],
    ["dark", "zh", { width: 1440, height: 900 }],
    ["dark", "en", { width: 390, height: 844 }],
  ]) {
    const { page, complaints } = await visit(browser, `?lang=${lang}&theme=${theme}${linkOf(TEXT)}`, { viewport });
    await until(() => clock(page), ({ at }) => at === 14, "it does not open at 14 s", 60);
    none(await violations(page), `axe, ${theme}, ${lang}, ${viewport.width}`);
    const box = await tab(page, "west").boundingBox();
    check(box.height >= (viewport.width < 720 ? 43 : 30), `a tab is ${box.height} pixels high`);
    await tab(page, "west").click();
    await shows(page, "west");
    none(await violations(page), `axe, west, ${theme}, ${lang}, ${viewport.width}`);
    check(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "the page is wider than its window");
    none(complaints, "complaints");
  }
}

/** Where there is one cluster there are no tabs. */
async function onlyOne(browser) {
  const { page, complaints } = await visit(browser, "?lang=en&cluster=blumfeld");
  check((await page.locator(".clusters").count()) === 0, "one cluster has tabs");
  check(await button(page, "Play").or(button(page, "Pause")).first().isVisible(), "nothing can be played");
  none(complaints, "complaints");
}

export const tests = {
  "by mouse": byMouse,
  "by keys": byKeys,
  "by address": byAddress,
  everywhere,
  "only one": onlyOne,
};
