// Worksheets: one or two sheets of paper, nothing to run, a QR code that another program reads and that leads to the lesson.

import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { check, none, PAGE, ready, violations, watch } from "./lib.mjs";
import { DIST, site } from "./site.mjs";

const load = createRequire(path.join(process.env.BLUMFELD_MODULES, "index.js"));
const DECODER = await readFile(load.resolve("jsqr/dist/jsQR.js"), "utf8");
/** Worksheets of a site that knows its address. */
const PRINTED = process.env.BLUMFELD_WORKSHEETS;
const ADDRESS = "https://course.example/blumfeld/";

const sheets = async () => (await readdir(path.join(DIST, "worksheet"))).filter((name) => name.endsWith(".html")).sort();

async function open(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 900, height: 1200 }, locale: "en-US", ...options });
  const page = await context.newPage();
  return { page, context, complaints: watch(page) };
}

/** How many sheets of A4 a printer would take, by the page objects of the PDF. */
async function pages(page) {
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
  const [, width, height] = /\/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]/.exec(pdf);
  check(Math.abs(width - 595) < 1 && Math.abs(height - 842) < 1, `a sheet of ${width} by ${height} is not A4`);
  return pdf.match(/\/Type\s*\/Page\b(?!s)/g).length;
}

async function scanned(page) {
  const picture = (await page.locator("svg.qr").screenshot()).toString("base64");
  await page.evaluate(DECODER);
  return page.evaluate(async (picture) => {
    const image = new Image();
    image.src = `data:image/png;base64,${picture}`;
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [image.width, image.height];
    const context = canvas.getContext("2d");
    context.drawImage(image, 0, 0);
    const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
    return globalThis.jsQR(data, width, height)?.data;
  }, picture);
}

async function paper(browser) {
  const { page, complaints } = await open(browser);
  const here = await site();
  const names = await sheets();
  check(names.length >= 42 && names.length % 2 === 0, `${names.length} worksheets`);
  for (const name of names) here.changed.set(`worksheet/${name}`, () => texts.get(name));
  const texts = new Map(await Promise.all(names.map(async (name) => [name, await readFile(path.join(PRINTED, name), "utf8")])));
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  for (const name of names) {
    await page.goto(`${here.address}worksheet/${name}`);
    const count = await pages(page);
    check(count <= 2, `${name}: ${count} sheets`);
    const [id, language] = name.split(".");
    check((await page.locator("html").getAttribute("lang")) === language, `${name}: the language`);
    check((await page.locator("section").count()) === 4 && !(await page.locator(".screen").isVisible()), `${name}: parts`);
    check((await page.locator("script").count()) === 0, `${name}: it runs something`);
    check((await page.locator(".address").innerText()) === `${ADDRESS}?s=${id}&lang=${language}`, `${name}: the address`);
  }
  none(complaints, "complaints");
  await here.close();
}

async function codes(browser) {
  const { page, complaints } = await open(browser, { deviceScaleFactor: 2 });
  const here = await site();
  for (const name of ["m12.en.html", "matrix.zh.html"]) {
    const text = await readFile(path.join(PRINTED, name), "utf8");
    here.changed.set(`worksheet/${name}`, () => text);
    await page.emulateMedia({ media: "print" });
    await page.goto(`${here.address}worksheet/${name}`);
    check((await scanned(page)) === (await page.locator(".address").innerText()), `${name}: the QR code holds something else`);
    none(await violations(page), `axe, ${name}`);
  }
  none(complaints, "complaints");
  await here.close();
}

/** From the library to the sheet, to the lesson, without the site's address. */
async function linked(browser) {
  for (const [file, language, theme] of [["library.html", "en", "dark"], ["library.zh.html", "zh", "light"]]) {
    const { page, complaints, context } = await open(browser, { colorScheme: theme });
    await page.goto(PAGE + file);
    none(await violations(page), `axe, ${file}`);
    await page.locator('[data-id="m12"] a[href*="worksheet/"]').click();
    await page.locator("main section").first().waitFor();
    check((await page.locator("html").getAttribute("lang")) === language, "the sheet's language");
    check((await page.evaluate(() => getComputedStyle(document.body).backgroundColor)) === "rgb(255, 255, 255)", "paper is white");
    check((await page.locator(".address").innerText()) === `?s=m12&lang=${language}`, "there is no line for the address");
    none(await violations(page), `axe, the sheet, ${language}`);
    await page.setViewportSize({ width: 360, height: 740 });
    check(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "360 px: it scrolls sideways");
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.locator(`.screen a[href*="s=m12"]`).click();
    await ready(page);
    none(complaints, "complaints");
    await context.close();
  }
}

export const tests = { "paper": paper, "codes": codes, "linked": linked };
