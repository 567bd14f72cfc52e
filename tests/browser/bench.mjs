// The page's own numbers for `cargo xtask bench`: one line each, `name value unit`.

import { readFile } from "node:fs/promises";
import { launch, PAGE, ready, visit } from "./lib.mjs";
import { HEAVY, longTasks, opening, stop, stopped, watched, writtenLink } from "./slices.mjs";

const percentile = (values, share) => [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) * share)];

/** From the request to the first picture of the cluster, and to the opened scene; seven fresh visits. */
async function interactive(browser) {
  const times = [];
  const pictures = [];
  for (let visitor = 0; visitor < 7; visitor += 1) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    const start = performance.now();
    await page.goto(PAGE);
    await page.locator("main#stage svg:not(.i)").first().waitFor();
    pictures.push(performance.now() - start);
    await ready(page);
    times.push(performance.now() - start);
    await context.close();
  }
  console.log(`page/first-picture/median ${percentile(pictures, 0.5).toFixed(0)} ms`);
  console.log(`page/interactive/median ${percentile(times, 0.5).toFixed(0)} ms`);
  console.log(`page/interactive/worst ${Math.max(...times).toFixed(0)} ms`);
}

/** What a person types to get ten brokers and sixty partitions, three of them for `orders`. */
const LARGE = [4, 5, 6, 7, 8, 9, 10].map((node) => `add-broker ${node}`).concat([
  "create-topic payments partitions=57 rf=3",
  "add-producer till payments random-keys=500 every=20ms",
  "add-consumer audit-1 audit payments",
]);

/** Ten brokers and sixty partitions, alive. */
async function enlarge(page) {
  await page.locator("main#stage").focus();
  await page.keyboard.press("t");
  for (const line of LARGE) {
    await page.keyboard.type(line);
    await page.keyboard.press("Enter");
    await page.getByRole("log").getByText(line).first().waitFor();
  }
  await page.keyboard.press("Escape");
  const leads = page.getByRole("button", { name: /^payments-56, Broker \d+, leads/ });
  await leads.first().waitFor({ state: "attached", timeout: 180_000 });
}

/** Times between animation frames, in milliseconds. */
function gaps(page) {
  return page.evaluate(
    () =>
      new Promise((done) => {
        const gaps = [];
        let before = performance.now();
        const frame = (now) => {
          gaps.push(now - before);
          before = now;
          if (gaps.length < 300) requestAnimationFrame(frame);
          else done(gaps.slice(10));
        };
        requestAnimationFrame(frame);
      }),
  );
}

async function frames(browser) {
  const { page } = await visit(browser);
  const print = (name, times) => {
    console.log(`page/frame-gap/${name}/p50 ${percentile(times, 0.5).toFixed(1)} ms`);
    console.log(`page/frame-gap/${name}/p95 ${percentile(times, 0.95).toFixed(1)} ms`);
  };
  print("opening", await gaps(page));
  await enlarge(page);
  print("10-brokers-60-partitions", await gaps(page));
}

/** What the heaviest links cost the main thread, and how soon they can be stopped. */
async function heavy(browser) {
  for (const [name, link] of Object.entries(HEAVY)) {
    const start = performance.now();
    const { context, page } = await watched(browser, link);
    await page.locator("main#stage svg:not(.i)").first().waitFor();
    console.log(`page/heavy/${name}/first-picture ${(performance.now() - start).toFixed(0)} ms`);
    await opening(page).waitFor({ timeout: 5_000 }).catch(() => {});
    await page.waitForTimeout(3_000);
    if (await stop(page).isVisible().catch(() => false)) {
      const after = await stopped(page).catch(() => undefined);
      if (after !== undefined) console.log(`page/heavy/${name}/stop ${after.toFixed(0)} ms`);
    }
    await ready(page);
    const shared = performance.now();
    await writtenLink(page);
    console.log(`page/heavy/${name}/share ${(performance.now() - shared).toFixed(0)} ms`);
    const [first = 0, ...later] = await longTasks(page);
    console.log(`page/heavy/${name}/longest-task ${Math.max(0, ...later)} ms after a start of ${first} ms`);
    await context.close();
  }
}

/** Megabytes of the largest renderer. */
async function memory(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  const renderers = processInfo.filter(({ type }) => type === "renderer");
  const sizes = await Promise.all(
    renderers.map(async ({ id }) => {
      const status = await readFile(`/proc/${id}/status`, "utf8").catch(() => "");
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024;
    }),
  );
  return Math.max(...sizes);
}

/** Minutes of play at ×1000 (BENCH_MINUTES, ten by themselves), of the opening scene and under ten megabytes a second. */
async function long(browser) {
  const minutes = Number(process.env.BENCH_MINUTES ?? 10);
  const lines = { quiet: [], load: ["add-producer hose orders every=100ms size=1000000 max.request.size=2000000"] };
  for (const [name, typed] of Object.entries(lines)) {
    const { context, page } = await visit(browser, "?speed=1000");
    await page.locator("main#stage").focus();
    for (const line of typed) {
      await page.keyboard.press("t");
      await page.keyboard.type(line);
      await page.keyboard.press("Enter");
      await page.keyboard.press("Escape");
    }
    let most = 0;
    let pauses = 0;
    for (let second = 0; second < minutes * 60; second += 5) {
      await page.waitForTimeout(5_000);
      most = Math.max(most, await memory(browser));
      const go = page.locator(".notice.budget .btn.primary");
      if (await go.isVisible().catch(() => false)) {
        pauses += 1;
        await go.click();
      }
    }
    const at = await page.locator("footer.time .clock").innerText();
    console.log(`page/memory/${name} ${most.toFixed(0)} MB at most in ${minutes} min, ${pauses} pauses, at ${at.replaceAll("\n", " ")}`);
    await context.close();
  }
}

const parts = { interactive, frames, heavy, long };
const chosen = process.env.BENCH_PAGE?.split(",") ?? Object.keys(parts);
const browser = await launch();
try {
  for (const name of chosen) await parts[name](browser);
} finally {
  await browser.close();
}
