// A controller dies: deadlines run down, votes are counted, the crown moves; the same with reduced motion, where what
// has changed is outlined and nothing tweens.

import { check, headline, none, picture, tempo, until, violations, visit } from "./lib.mjs";

/** Waits for the controllers' own timeouts. */
const PATIENCE = 45;

const lane = (page) => page.locator("main#stage g[aria-label=Controllers]");

async function stop(page, name) {
  await page.getByRole("button", { name: "Faults", exact: true }).click();
  await page.locator("header .sheet button", { hasText: `Stop ${name}` }).click();
}

async function election(browser, options) {
  const { page, complaints } = await visit(browser, "?theme=light&lang=en", options);
  await stop(page, "c1");
  await until(() => headline(page), (line) => line.startsWith("Nobody is in charge"), "nobody is in charge", 10);
  const rings = await lane(page).locator(".ring0").count();
  check(options.reducedMotion === "reduce" ? rings === 0 : rings === 2, `${rings} deadlines are drawn as rings`);
  const votes = () => lane(page).locator(".vote").count();
  await until(votes, (count) => count === 3, "votes are counted", PATIENCE);
  await page.locator("footer.time button.play").click();
  none(await violations(page), "axe, controller election");
  await picture(page, `controller-election${options.reducedMotion ? "-reduced" : ""}`);
  await page.locator("footer.time button.play").click();
  await tempo(page, "Faster", 3);
  await until(() => headline(page), (line) => /^Controller c1 (was killed|has stopped)\. c[23] is in charge/.test(line), "somebody is elected", PATIENCE);
  none(complaints, "complaints");
}

export const tests = {
  "a controller election": (browser) => election(browser, {}),
  "with reduced motion": (browser) => election(browser, { reducedMotion: "reduce" }),
};
