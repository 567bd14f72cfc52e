// For `cargo xtask opening`: the numbers of the points that are passed in openings of the page, one a line.

import { launch, PAGE, ready } from "./lib.mjs";

/**
 * How long each is watched after its first picture, in milliseconds: until the second file has come on a line so slow that
 * the first one took twenty seconds.
 */
const WATCHED = 8_000;

/** Languages, themes, widths and ways to embed that draw different things; where no language is asked for, the browser's. */
const OPENINGS = [
  ["", 1440, 900],
  ["?theme=light", 800, 600],
  ["?lang=en", 1440, 900],
  ["?lang=zh&theme=dark", 1440, 900],
  ["?lang=zh", 360, 740],
  ["?lang=en", 390, 844],
  ["?lang=en", 1024, 600],
  ["?lang=zh", 1024, 768],
  ["?lang=en&embed=1", 760, 520],
  ["?lang=zh&embed=1", 480, 360],
  ["?lang=en&theme=projector", 1920, 1080],
  ["?lang=en", 683, 384],
];

/** Keeps the notes of the program, which belong to nobody outside. */
function keep() {
  const real = WebAssembly.instantiateStreaming;
  WebAssembly.instantiateStreaming = async (...given) => {
    const made = await real.apply(WebAssembly, given);
    globalThis.traced = made.instance.exports.traced;
    return made;
  };
}

/** The points that were passed in one visit, on a processor that is so many times slower. */
async function watched(browser, [address, width, height], more, slower = 1) {
  const context = await browser.newContext({ viewport: { width, height }, ...more });
  const page = await context.newPage();
  await page.addInitScript(keep);
  const session = await context.newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: slower });
  await page.goto(PAGE + address);
  // A program that notes each point it passes is slow by itself, and slower still on a busy machine.
  await ready(page, 30_000 * slower);
  await page.waitForTimeout(WATCHED);
  const ran = await page.evaluate(
    () => [...new Uint8Array(globalThis.traced.buffer).entries()].filter(([, byte]) => byte).map(([number]) => number),
  );
  await context.close();
  return ran;
}

const browser = await launch();
const all = new Set();
for (const opening of OPENINGS) {
  for (const number of await watched(browser, opening, {})) all.add(number);
}
for (const slower of [3, 8]) {
  for (const number of await watched(browser, OPENINGS[0], {}, slower)) all.add(number);
}
for (const more of [{ reducedMotion: "reduce" }, { locale: "zh-CN", colorScheme: "dark" }]) {
  for (const number of await watched(browser, OPENINGS[0], more)) all.add(number);
}
await browser.close();
// A screen of few pictures a second has more to catch up with from one to the next.
const slow = await launch({ slow: true });
for (const slower of [1, 4]) {
  for (const number of await watched(slow, OPENINGS[0], {}, slower)) all.add(number);
}
await slow.close();
for (const number of all) console.log(number);
