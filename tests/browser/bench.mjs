// The page's own numbers for `cargo xtask bench`: one line each, `name value unit`.

import { launch, PAGE, ready, visit } from "./lib.mjs";

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

const browser = await launch();
try {
  await interactive(browser);
  await frames(browser);
} finally {
  await browser.close();
}
