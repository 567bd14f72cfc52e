// The page's own numbers for `cargo xtask bench`: one line each, `name value unit`.

import { readFile } from "node:fs/promises";
import { clock, launch, PAGE, pause, ready, terminal, until, visit } from "./lib.mjs";
import { shares } from "./shares.mjs";
import { HEAVY, opening, stop, stopped, watched, writtenLink } from "./slices.mjs";

const percentile = (values, share) => [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) * share)];

/** When the picture that stands before the program was painted, in milliseconds from the request. */
function painted(page) {
  return page.evaluate(
    () =>
      new Promise((done) => {
        const watch = new PerformanceObserver((list) => done(list.getEntries()[0].renderTime));
        watch.observe({ type: "element", buffered: true });
        setTimeout(() => done(NaN), 2_000);
      }),
  );
}

/** From the request to the picture without the program, the first one of the cluster, and the opened scene; seven fresh
 * visits. */
async function interactive(browser) {
  const times = [];
  const still = [];
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
    still.push(await painted(page));
    await context.close();
  }
  console.log(`page/picture-without-program/median ${percentile(still, 0.5).toFixed(0)} ms`);
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

/** The longest task of the page's main thread: milliseconds of processor time, which a busy machine does not change much,
 * and by the clock. */
function longest(events) {
  const of = ({ pid, tid }) => `${pid}.${tid}`;
  const mains = new Set(events.filter(({ args }) => args?.name === "CrRendererMain").map(of));
  const tasks = events.filter((event) => event.ph === "X" && /RunTask/.test(event.name) && mains.has(of(event)));
  const most = (times) => Math.round(times.reduce((one, other) => Math.max(one, other ?? 0), 0) / 1_000);
  return [most(tasks.map(({ tdur }) => tdur)), most(tasks.map(({ dur }) => dur))];
}

/** What the heaviest links cost the main thread, and how soon they can be stopped. */
async function heavy(browser) {
  for (const [name, link] of Object.entries(HEAVY)) {
    const { context, page } = await watched(browser, "404.html");
    await browser.startTracing(page, { categories: ["toplevel", "disabled-by-default-devtools.timeline"] });
    const start = performance.now();
    await page.goto(PAGE + link);
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
    const [processor, wall] = longest(JSON.parse(await browser.stopTracing()).traceEvents);
    console.log(`page/heavy/${name}/longest-task ${processor} ms of processor time, ${wall} ms by the clock`);
    await context.close();
  }
}

/** From and to, rights, file and resident kilobytes of a mapping in /proc/…/smaps. */
const MAPPING = /^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \d+ *(.*)\n(?:\w+:.*\n)*?Rss: +(\d+) kB/gm;

/** What a process holds in megabytes, by what it is for. The engine's memory had between `least` and `most` bytes. */
function sorted(mappings, [least, most]) {
  const sizes = { resident: 0, program: 0, shared: 0, code: 0, engine: 0, rest: 0 };
  for (const [, from, to, rights, path, resident] of mappings.matchAll(MAPPING)) {
    const size = Number(resident) / 1_024;
    const length = Number.parseInt(to, 16) - Number.parseInt(from, 16);
    let what = "rest";
    if (path.includes("(deleted)")) what = "shared";
    else if (path.startsWith("/")) what = "program";
    else if (rights.includes("x")) what = "code";
    else if (length >= least && length <= most) what = "engine";
    sizes[what] += size;
    sizes.resident += size;
  }
  return sizes;
}

/** Bytes of the engine's memory. */
const linear = (page) => page.evaluate(() => globalThis.engineMemory?.buffer.byteLength ?? 0);

/** The largest renderer. Linux only. */
async function renderer(browser, page) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  const renderers = processInfo.filter(({ type }) => type === "renderer");
  // It grows while it is looked at.
  const least = await linear(page);
  const read = ({ id }) => readFile(`/proc/${id}/smaps`, "utf8").catch(() => "");
  const texts = await Promise.all(renderers.map(read));
  const bounds = [least, await linear(page)];
  const all = texts.map((mappings) => sorted(mappings, bounds));
  return all.reduce((one, other) => (other.resident > one.resident ? other : one));
}

/** Remembers the engine's memory as it is set up, so that its length can be asked for. Changes nothing. */
function watchEngine() {
  const real = WebAssembly.instantiateStreaming;
  WebAssembly.instantiateStreaming = async (...given) => {
    const made = await real.apply(WebAssembly, given);
    globalThis.engineMemory = made.instance.exports.memory;
    return made;
  };
}

/** Minutes after which the renderer is weighed. */
const WEIGHED = [0, 1, 2, 5, 10];

/** One line: what the renderer holds now. */
async function weigh(browser, page, name) {
  const session = await page.context().newCDPSession(page);
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  await session.detach();
  const sizes = await renderer(browser, page);
  const own = sizes.resident - sizes.program;
  const parts = { own, ...sizes, linear: (await linear(page)) / 2 ** 20, script: usedSize / 2 ** 20 };
  const told = Object.entries(parts).map(([part, size]) => `${part} ${size.toFixed(0)}`);
  const at = (await page.locator("footer.time .clock").innerText()).replaceAll("\n", " ");
  console.log(`page/memory/${name} ${told.join(", ")} MB at ${at}`);
  return own;
}

/** Types a line into the terminal and waits until it is carried out. */
async function command(page, line) {
  const type = await terminal(page);
  await type(line);
  await page.getByRole("log").getByText("Done.").first().waitFor();
  await page.keyboard.press("Escape");
}

/**
 * Minutes of play (BENCH_MINUTES, ten by themselves): of the opening scene as readers play it, at ×1000, and at that under ten
 * megabytes a second.
 * `own` is what the process has for itself; `program` is the browser's code, which all of its tabs share.
 */
async function long(browser) {
  const minutes = Number(process.env.BENCH_MINUTES ?? 10);
  const lines = { auto: [], quiet: [], load: ["add-producer hose orders every=100ms size=1000000 max.request.size=2000000"] };
  const wanted = process.env.BENCH_LONG?.split(",") ?? Object.keys(lines);
  for (const name of wanted) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-US" });
    const page = await context.newPage();
    await page.addInitScript(watchEngine);
    await page.goto(name === "auto" ? PAGE : `${PAGE}?speed=1000`);
    await ready(page);
    for (const line of lines[name]) await command(page, line);
    const start = performance.now();
    const passed = () => (performance.now() - start) / 60_000;
    let [most, pauses, left] = [0, 0, WEIGHED.filter((minute) => minute <= minutes)];
    while (passed() < minutes || left.length > 0) {
      if (passed() >= left[0]) {
        most = Math.max(most, await weigh(browser, page, `${name}/${left[0]}min`));
        left = left.slice(1);
      }
      await page.waitForTimeout(2_000);
      // What the card offers first: as a reader would.
      const go = page.locator(".notice.budget .btn").first();
      if (await go.isVisible().catch(() => false)) {
        pauses += 1;
        most = Math.max(most, await weigh(browser, page, `${name}/paused`));
        const said = (await page.locator(".notice.budget").innerText()).split("\n")[0];
        console.log(`page/memory/${name} paused: ${said}; pressed: ${await go.innerText()}`);
        await go.click();
      }
    }
    console.log(`page/memory/${name} ${most.toFixed(0)} MB of its own at most, ${pauses} pauses`);
    await back(page, name);
    await context.close();
  }
}

/** How long it takes to go back to the beginning, or to what is left of it. */
async function back(page, name) {
  const { at: end } = await clock(page);
  const start = performance.now();
  await page.locator("main#stage").focus();
  await page.keyboard.press("Home");
  await until(() => clock(page), ({ at }) => at < end / 2, "back at the beginning", 120);
  console.log(`page/memory/${name} back at the beginning after ${(performance.now() - start).toFixed(0)} ms`);
}

/** Three brokers, twelve more partitions, three producers with a thousand records a second together, a group of three. */
const BUSY = [
  "create-topic load partitions=12 rf=3",
  ...[1, 2, 3].map((n) => `add-producer load-${n} load random-keys=1000 every=3ms`),
  ...[1, 2, 3].map((n) => `add-consumer reader-${n} readers load`),
];

/** Does something that presses a key or a button of the mouse; milliseconds from that to the last change of the clock. */
async function answered(page, act) {
  // Before the press: input overtakes what the page is asked to run.
  await page.evaluate(() => {
    globalThis.answer = new Promise((done) => {
      let [pressed, last] = [NaN, NaN];
      const watch = new MutationObserver(() => (last = performance.now()));
      watch.observe(document.querySelector("footer.time .clock"), { subtree: true, childList: true, characterData: true });
      const press = () => (pressed = performance.now());
      for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, press, { capture: true, once: true });
      const begun = performance.now();
      const look = () => {
        const quiet = performance.now() - Math.max(begun, pressed || 0, last || 0);
        if (quiet < 500) return setTimeout(look, 50);
        watch.disconnect();
        done(last - pressed);
      };
      setTimeout(look, 50);
    });
  });
  await act();
  return page.evaluate(() => globalThis.answer);
}

/** Seeks and steps back anywhere in a past of a million events (BENCH_EVENTS for another number), by mouse and keyboard. */
async function seek(browser) {
  const wanted = Number(process.env.BENCH_EVENTS ?? 1_000_000);
  const { page } = await visit(browser, "?speed=1000");
  const type = await terminal(page);
  for (const line of BUSY) {
    await type(line);
    await page.waitForTimeout(300);
  }
  await page.keyboard.press("Escape");
  const from = [performance.now(), (await clock(page)).event];
  await until(() => clock(page), ({ event }) => event >= wanted, "so many events", 600);
  await pause(page);
  const { event } = await clock(page);
  console.log(`page/events ${(((event - from[1]) / (performance.now() - from[0])) * 1_000).toFixed(0)} events/s at x1000, with pictures`);
  // The track goes on beyond what has been seen, and whoever clicks there waits for what has never been run. How wide it is and
  // how much of it has been seen changes with where the playhead stands.
  const track = page.locator("footer.time .track").first();
  const seen = () => track.locator(".track-known").evaluate((bar) => Number.parseFloat(bar.getAttribute("width")) / 100);
  const [seeks, steps] = [[], []];
  for (let round = 0; round < 60; round += 1) {
    // Fractions of the golden ratio: spread over all of the past, never twice the same.
    const share = ((round * 0.618_034) % 1) * (await seen());
    const { x, y, width, height } = await track.boundingBox();
    seeks.push(await answered(page, () => page.mouse.click(x + 10 + share * (width - 20), y + height / 2)));
    await page.locator("main#stage").focus();
    steps.push(await answered(page, () => page.keyboard.press("ArrowLeft")));
  }
  for (const [name, times] of Object.entries({ seek: seeks, "step-back": steps })) {
    const told = times.filter((time) => !Number.isNaN(time));
    for (const share of [0.5, 0.95]) {
      console.log(`page/${name}/p${share * 100} ${percentile(told, share).toFixed(0)} ms of ${told.length}, in ${event} events`);
    }
  }
}

const parts = { interactive, frames, shares, heavy, long, seek };
const chosen = process.env.BENCH_PAGE?.split(",") ?? Object.keys(parts);
const browser = await launch();
try {
  for (const name of chosen) await parts[name](browser);
} finally {
  await browser.close();
}
