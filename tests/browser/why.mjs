// Why, in place: a question's answer is a chain of instants; each shows its moment, paused, and the way back restores the
// place, whether it played, and how far the column was scrolled. From the inspector and from the story, by pointer and key.

import { button, check, clock, none, pause, until, visit } from "./lib.mjs";

const plays = async (page) => (await page.locator("footer.time button.play use").getAttribute("href")) === "#i-pause";
const column = (page) => page.locator("aside.side .side-body");
const back = (page) => page.locator("aside.side button.back-to");
const story = (page) => page.locator("aside.side .chain li");

/** Broker 2 is killed at the opening, and the controller has fenced it. */
async function fenced(browser) {
  const { page, complaints } = await visit(browser, "?theme=light&lang=en");
  await button(page, "Stop broker 2 at once").click();
  await until(() => story(page).allInnerTexts(), (all) => all.some((line) => line.includes("leads orders-1, epoch 1")), "taken over", 60);
  return { page, complaints };
}

async function inPlace(browser) {
  const { page, complaints } = await fenced(browser);
  await pause(page);
  await page.locator("main#stage [aria-label^='Broker 2,']").click();
  const answer = column(page).locator("details.why").first();
  await answer.getByText("Why is broker 2 fenced?").waitFor();
  const steps = answer.locator("ol.chain li");
  const count = await steps.count();
  check(count >= 1 && count <= 5, `${count} steps`);
  // The other tabs are gone from the reader's mind: what is scrolled stays so.
  await column(page).evaluate((one) => one.scrollTo(0, 60));
  const scrolled = await column(page).evaluate((one) => one.scrollTop);
  const [before, told] = [await clock(page), await steps.allInnerTexts()];
  const first = Number((await steps.first().locator("time").innerText()).replace(" s", ""));
  await steps.first().locator("button.instant").click();
  await until(() => clock(page), ({ at }) => Math.abs(at - first) < 0.002, "the moment of the first step is shown");
  check(!(await plays(page)), "it plays there");
  await button(page, "Stop broker 2 at once").or(button(page, "Start broker 2 again")).waitFor();
  check(JSON.stringify(await steps.allInnerTexts()) === JSON.stringify(told), "the answer has changed on the way");
  check((await answer.locator("li.here").count()) === 1, "no step is marked as here");
  // From one step to another leads back to the first place, too.
  await steps.last().locator("button.instant").click();
  await back(page).click();
  await until(() => clock(page), ({ event }) => event === before.event, "back where the reader stood");
  check(!(await plays(page)), "it plays, though it was paused");
  await until(() => column(page).evaluate((one) => one.scrollTop), (top) => Math.abs(top - scrolled) <= 1, "the column is scrolled as it was");
  check((await back(page).count()) === 0, "the way back is still there");
  none(complaints, "complaints");
}

async function fromTheStory(browser) {
  const { page, complaints } = await fenced(browser);
  check(await plays(page), "it plays");
  const line = story(page).filter({ hasText: "fenced broker 2" });
  await line.locator("button.why").focus();
  const before = await clock(page);
  await page.keyboard.press("Enter");
  await back(page).waitFor();
  check(!(await plays(page)), "it plays at the cause");
  const there = await clock(page);
  check(there.at < before.at - 5, "the cause is a kill some seconds before");
  // The story stays as it was, with the line of that moment marked.
  await story(page).filter({ hasText: "leads orders-1, epoch 1" }).waitFor();
  check(/You killed Broker 2/.test(await page.locator("aside.side li.here").innerText()), "the kill is not marked");
  await page.keyboard.press("Escape");
  await until(() => clock(page), ({ at }) => at >= before.at, "back where the reader stood");
  check(await plays(page), "it does not play again");
  none(complaints, "complaints");
}

export const tests = {
  "in place and back": inPlace,
  "from the story by key": fromTheStory,
};
