// Acts that can be trusted: undo and redo by key, button and toast; Space and the focus after pointer and key; a list of what
// is still to come; lines that wait for each other; errors that move nothing.

import { button, check, clock, none, pause, tabTo, terminal, until, visit } from "./lib.mjs";

const names = (page) => page.locator("main#stage [role=button]").evaluateAll((all) => all.map((one) => one.ariaLabel));
const runs = (page) => button(page, "Stop broker 2 at once");
const isDown = (page) => button(page, "Start broker 2 again");
const plays = async (page) => (await page.locator("footer.time button.play use").getAttribute("href")) === "#i-pause";
const branches = (page) => page.locator("footer.time .seg button").count();
const focused = (page) => page.evaluate(() => document.activeElement.getAttribute("data-thing") ?? document.activeElement.id ?? "");
const toast = (page) => page.locator(".toasts.acts .toast");

/** Paused, so that nothing but the acts changes anything. */
async function still(browser, address = "?theme=light&lang=en") {
  const { page, complaints } = await visit(browser, address);
  await until(() => clock(page), ({ at }) => at >= 24, "the scene opens");
  await pause(page);
  await until(() => plays(page), (on) => !on, "it is paused");
  return { page, complaints };
}

async function undo(browser) {
  const { page, complaints } = await still(browser);
  const before = await clock(page);
  await runs(page).click();
  await isDown(page).waitFor();
  await toast(page).getByText("Broker 2 killed").waitFor();
  await button(toast(page), "Undo").click();
  await runs(page).waitFor();
  check((await clock(page)).event === before.event, "undo is not where the act was");
  await toast(page).getByText(/^Undone: Broker 2 killed/).waitFor();
  await page.keyboard.press("Control+Shift+z");
  await isDown(page).waitFor();
  await page.keyboard.press("Control+z");
  await runs(page).waitFor();
  await page.keyboard.press("Control+y");
  await isDown(page).waitFor();
  await page.keyboard.press("z");
  await runs(page).waitFor();
  await page.locator("footer.time button.redo").click();
  await isDown(page).waitFor();
  await page.locator("footer.time button.undo").click();
  await runs(page).waitFor();
  // It stays away.
  await page.keyboard.press(" ");
  await until(() => clock(page), ({ at }) => at > before.at + 0.05, "time passes");
  check((await runs(page).count()) === 1 && (await branches(page)) === 0, "broker 2 died again");
  none(complaints, "complaints");
}

async function space(browser) {
  const { page, complaints } = await still(browser);
  await runs(page).click();
  await isDown(page).waitFor();
  await page.keyboard.press(" ");
  await until(() => plays(page), Boolean, "Space plays after a click on the stage");
  check((await isDown(page).count()) === 1, "Space has started broker 2 again");
  // Wherever the pointer was last.
  for (const spot of ["footer.time .tempo", "header.top .menu-view > button", "footer.time .track"]) {
    const before = await plays(page);
    await page.locator(spot).click();
    await page.keyboard.press(" ");
    await until(() => plays(page), (now) => now !== before, `Space after a click on ${spot}`);
  }
  await page.keyboard.press("Escape");
  none(complaints, "complaints");
}

async function focus(browser) {
  const { page, complaints } = await still(browser);
  await tabTo(page, "[data-thing=switch-2]");
  await page.keyboard.press(" ");
  await isDown(page).waitFor();
  check((await focused(page)) === "broker-2", `after the switch the focus is on ${await focused(page)}`);
  check(!(await plays(page)), "Space on a button has played");
  await tabTo(page, "[data-thing=switch-2]");
  await page.keyboard.press("Enter");
  await runs(page).waitFor();
  // A dialog begins with its first field; what is wrong moves nothing under the pointer.
  await page.locator("header.top .menu-add > button").click();
  await page.locator("header.top .menu-add li button").first().click();
  const dialog = page.getByRole("dialog");
  await dialog.waitFor();
  await until(() => focused(page), (id) => id === "field-name", "the first field has the focus", 5);
  const submit = dialog.locator("button[type=submit]");
  const place = async () => JSON.stringify(await submit.boundingBox());
  const before = await place();
  await submit.click();
  await dialog.getByRole("alert").waitFor();
  check((await place()) === before, "the error has moved the button");
  await page.keyboard.type("payments");
  check((await place()) === before, "typing has moved the button");
  await page.keyboard.press("Escape");
  none(complaints, "complaints");
}

async function ahead(browser) {
  const { page, complaints } = await still(browser);
  const line = await terminal(page);
  for (const one of ["kill 2", "seek 40s", "kill 3", "seek 30s", "fork"]) await line(one);
  const list = page.locator(".ahead-list");
  await list.getByText("kill 3").waitFor({ timeout: 20_000 });
  check((await branches(page)) === 3, "there is no second branch");
  await list.getByRole("checkbox").click();
  await line("seek 45s");
  await until(() => clock(page), ({ at }) => at === 45, "it is 45 s", 20);
  await until(() => names(page), (all) => all.includes("Stop broker 3 at once"), "broker 3 lives on this branch", 10);
  await page.locator("main#stage").focus();
  await page.keyboard.press("1");
  await until(() => names(page), (all) => all.includes("Start broker 3 again"), "and is dead on the other", 10);
  none(complaints, "complaints");
}

async function lines(browser) {
  const { page, complaints } = await still(browser);
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.evaluate(() => navigator.clipboard.writeText("create-topic mix assign=1/2/3\nadd-consumer c g mix\n"));
  await terminal(page);
  await page.keyboard.press("Control+v");
  const log = page.getByRole("log");
  await log.getByText(/waiting for the answer to create-topic mix.*press play/).waitFor();
  check((await log.getByText("$ add-consumer").count()) === 0, "the second line did not wait");
  await page.locator("footer.time button.play").click();
  await log.getByText("$ add-consumer c g mix").waitFor({ timeout: 20_000 });
  await until(() => names(page), (all) => all.some((name) => name.startsWith("mix-2,")), "mix has three partitions", 20);
  none(complaints, "complaints");
}

export const tests = {
  "undo and redo": undo,
  "Space plays": space,
  "the focus": focus,
  "a fork keeps what is to come": ahead,
  "lines take their turns": lines,
};
