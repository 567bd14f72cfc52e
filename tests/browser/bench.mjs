// The page's own numbers for `cargo xtask bench`: one line each, `name value unit`.

import { launch, PAGE, ready, visit } from "./lib.mjs";

const percentile = (values, share) => [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) * share)];

/** From the request to a drawn, usable cluster; seven fresh visits. */
async function interactive(browser) {
  const times = [];
  for (let visitor = 0; visitor < 7; visitor += 1) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    const start = performance.now();
    await page.goto(PAGE);
    await ready(page);
    times.push(performance.now() - start);
    await context.close();
  }
  console.log(`page/interactive/median ${percentile(times, 0.5).toFixed(0)} ms`);
  console.log(`page/interactive/worst ${Math.max(...times).toFixed(0)} ms`);
}

/** Time between animation frames while the opening scene plays. */
async function frames(browser) {
  const { page } = await visit(browser);
  const gaps = await page.evaluate(
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
  console.log(`page/frame-gap/p50 ${percentile(gaps, 0.5).toFixed(1)} ms`);
  console.log(`page/frame-gap/p95 ${percentile(gaps, 0.95).toFixed(1)} ms`);
}

const browser = await launch();
try {
  await interactive(browser);
  await frames(browser);
} finally {
  await browser.close();
}
