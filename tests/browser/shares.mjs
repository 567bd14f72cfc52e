// What a frame costs the main thread, by what it is spent on. A gap between two frames says nothing about how much room
// is left; the browser's own trace does.

import { readFile } from "node:fs/promises";
import { ready } from "./lib.mjs";
import { PAGE } from "./lib.mjs";

const SIZES = JSON.parse(await readFile(new URL("sizes.json", import.meta.url), "utf8"));
const WAYS = {
  script: ["FireAnimationFrame", "TimerFire", "EventDispatch"],
  layout: ["UpdateLayoutTree", "Layout"],
  paint: ["PrePaint", "Paint", "Layerize", "Commit", "UpdateLayer"],
};

/** The milliseconds of each frame in `seconds` of play: whole, script, layout, paint. */
async function traced(browser, page, seconds) {
  const session = await browser.newBrowserCDPSession();
  const events = [];
  session.on("Tracing.dataCollected", ({ value }) => events.push(...value));
  const over = new Promise((done) => session.once("Tracing.tracingComplete", done));
  await session.send("Tracing.start", {
    transferMode: "ReportEvents",
    traceConfig: { includedCategories: ["devtools.timeline"], excludedCategories: ["*"] },
  });
  await page.waitForTimeout(seconds * 1_000);
  await session.send("Tracing.end");
  await over;
  await session.detach();
  return perFrame(events);
}

/** The page's thread is the one on which most frames were called. */
function perFrame(events) {
  const calls = events.filter(({ name, ph }) => name === "FireAnimationFrame" && ph === "X");
  const threads = new Map();
  for (const { pid, tid } of calls) threads.set(`${pid}/${tid}`, (threads.get(`${pid}/${tid}`) ?? 0) + 1);
  const [thread] = [...threads].sort((a, b) => b[1] - a[1])[0] ?? [];
  const own = events.filter(({ pid, tid, ph }) => `${pid}/${tid}` === thread && ph === "X");
  const starts = calls.filter(({ pid, tid }) => `${pid}/${tid}` === thread).map(({ ts }) => ts).sort((a, b) => a - b);
  const frames = starts.map(() => ({ script: 0, layout: 0, paint: 0 }));
  for (const { name, ts, dur = 0 } of own) {
    const way = Object.keys(WAYS).find((way) => WAYS[way].includes(name));
    const frame = starts.findLastIndex((start) => start <= ts);
    if (way && frame >= 0) frames[frame][way] += dur / 1_000;
  }
  return frames.slice(1, -1).map((frame) => ({ whole: frame.script + frame.layout + frame.paint, ...frame }));
}

const share = (values, at) => [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) * at)] ?? 0;

/** The bench's part: one line a number, for the opening scene and three sizes at 1,000 records a second. */
export async function shares(browser) {
  const wanted = process.env.BENCH_SIZES?.split(",") ?? ["opening", ...Object.keys(SIZES)];
  for (const name of wanted) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-US" });
    const page = await context.newPage();
    await page.goto(PAGE + (SIZES[name] ?? ""));
    await ready(page);
    await page.locator(".opening").waitFor({ state: "hidden", timeout: 180_000 });
    await page.locator("main#stage").focus();
    if (SIZES[name]) await page.keyboard.press(" ");
    await page.waitForTimeout(3_000);
    const frames = await traced(browser, page, 8);
    const column = (way) => frames.map((frame) => frame[way]);
    const line = (what, values) => {
      const [half, most, all] = [0.5, 0.95, 1].map((at) => share(values, at).toFixed(1));
      console.log(`page/frame/${name}/${what} p50 ${half} p95 ${most} max ${all} ms`);
    };
    for (const way of ["whole", ...Object.keys(WAYS)]) line(way, column(way));
    const nodes = await page.evaluate(() => [document.querySelectorAll("*").length, document.querySelectorAll("main#stage *").length]);
    console.log(`page/frame/${name}/nodes ${nodes[0]} in all, ${nodes[1]} on the stage; ${frames.length} frames in 8 s`);
    await context.close();
  }
}
