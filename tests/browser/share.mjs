// Sharing as a person does it: links that begin elsewhere, a QR code that another program reads, files and pictures that
// open again, snippets, and files that are none. In light English, dark Chinese, and on a phone.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { button, check, clock, none, PAGE, pause, terminal, until, violations, visit } from "./lib.mjs";

const load = createRequire(path.join(process.env.BLUMFELD_MODULES, "index.js"));
const DECODER = await readFile(load.resolve("jsqr/dist/jsQR.js"), "utf8");
const COPYING = { permissions: ["clipboard-read", "clipboard-write"] };

const notice = (page) => page.locator(".notice");

/** The opening scene with one act in its past, and the share dialog. */
async function acted(browser, address, options) {
  const made = await visit(browser, address, options);
  await pause(made.page);
  const type = await terminal(made.page);
  for (const line of ["seek 26s", "kill 2", "seek 34s"]) await type(line);
  await until(() => clock(made.page), ({ at }) => at >= 34, "34 s are not reached", 60);
  await made.page.keyboard.press("Escape");
  return { ...made, dialog: await opened(made.page) };
}

async function opened(page) {
  await page.locator("main#stage").focus();
  await page.locator("header.top button.primary").click();
  await written(page);
  return page.getByRole("dialog");
}

const written = (page) =>
  until(() => page.locator("#share-link").inputValue().catch(() => ""), (link) => link.includes("#b1."), "no link");

/** What the dialog's button saves. */
async function saved(page, name) {
  const [download] = await Promise.all([page.waitForEvent("download"), button(page.getByRole("dialog"), name).click()]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

/** Another visit opens the file; its card's text. */
async function reopened(browser, file, name, lang = "en") {
  const { page, complaints, context } = await visit(browser, `?lang=${lang}`);
  await opened(page);
  await page.locator("input[type=file]").setInputFiles({ name, mimeType: "application/octet-stream", buffer: file });
  await notice(page).waitFor({ timeout: 60_000 });
  const said = await notice(page).innerText();
  const { at } = await clock(page);
  none(complaints, "complaints");
  return { said, at, page, context };
}

/** What a program that knows nothing of ours reads from what is drawn. */
async function scanned(page, scale = 2) {
  const code = page.locator("dialog svg.qr");
  await code.scrollIntoViewIfNeeded();
  const picture = (await code.screenshot()).toString("base64");
  await page.evaluate(DECODER);
  return page.evaluate(async ([picture, scale]) => {
    const image = new Image();
    image.src = `data:image/png;base64,${picture}`;
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [image.width * scale, image.height * scale];
    const context = canvas.getContext("2d");
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
    return globalThis.jsQR(data, width, height)?.data;
  }, [picture, scale]);
}

async function links(browser) {
  const { page, dialog, complaints, context } = await acted(browser, "?lang=en&theme=light", { deviceScaleFactor: 2 });
  const field = page.locator("#share-link");
  const moment = await field.inputValue();
  check((await scanned(page)) === moment, "the QR code holds another text than the link");
  none(await violations(page), "axe, share");
  await button(dialog, "before the last act").click();
  const before = await until(() => field.inputValue(), (link) => link.includes("#b1.") && link !== moment, "the same link");
  check(/just before: kill 2/.test(await dialog.innerText()), "it does not say before what");
  check((await scanned(page)) === before, "the QR code did not follow");
  await button(dialog, "from the start").click();
  const start = await until(() => field.inputValue(), (link) => link.includes("#b1.") && link !== before, "the same link");
  await button(dialog, "read only").click();
  const readOnly = await until(() => field.inputValue(), (link) => link.includes("readonly=1"), "not read only");
  check(readOnly === start.replace("#", "?readonly=1#"), readOnly);
  await button(dialog, "start paused").click();
  check((await field.inputValue()).includes("?autoplay=1&readonly=1#"), "it does not start");
  none(complaints, "complaints");
  await context.close();
  for (const [link, at, act] of [[moment, 34, true], [before, 26, false], [start, 24, true]]) {
    const other = await visit(browser, link.slice(link.indexOf("#")));
    await notice(other.page).waitFor({ timeout: 60_000 });
    check(Math.abs((await clock(other.page)).at - at) < 1, `${at} s: ${(await clock(other.page)).at}`);
    check(/matches/.test(await notice(other.page).innerText()) === act, await notice(other.page).innerText());
    none(other.complaints, "complaints");
    await other.context.close();
  }
}

async function files(browser) {
  const { page, complaints } = await acted(browser, "?lang=en&theme=light");
  const file = await saved(page, "File (.blumfeld)");
  const text = file.bytes.toString();
  check(/\.blumfeld$/.test(file.name) && /^scene: opening$/m.test(text) && /^@26s kill 2$/m.test(text), text);
  const png = await saved(page, "PNG that opens again");
  check(/\.png$/.test(png.name) && png.bytes.includes("iTXt"), `${png.name}: no text in it`);
  check(png.bytes.indexOf("iTXt") < png.bytes.indexOf("IDAT"), "the text stands behind the picture");
  check(png.bytes.includes(await page.locator("#share-link").inputValue()), "not the link that is shown");
  const svg = await saved(page, "SVG still");
  check(/^<svg /.test(svg.bytes.toString()) && !/class=|<use/.test(svg.bytes.toString()), "the still needs the page");
  none(complaints, "complaints");
  for (const [one, says] of [[file, /Opened/], [png, /The state matches/]]) {
    const { said, at, context } = await reopened(browser, one.bytes, one.name);
    check(says.test(said) && Math.abs(at - 34) < 1, `${one.name} at ${at} s: ${said}`);
    await context.close();
  }
  // What a chat program leaves of it.
  const [from, length] = [png.bytes.indexOf("iTXt") - 4, png.bytes.readUInt32BE(png.bytes.indexOf("iTXt") - 4) + 12];
  const empty = Buffer.concat([png.bytes.subarray(0, from), png.bytes.subarray(from + length)]);
  for (const [bytes, name, lang, sentence] of [
    [empty, "chat.png", "en", /carries no experiment.*send it as a file/i],
    [empty, "chat.png", "zh", /聊天软件会重新压缩图片/],
    [png.bytes.subarray(0, from + 30), "cut.png", "en", /PNG is damaged/],
    [Buffer.from("brokers: 3\n\n@2s kil 2\n"), "typo.blumfeld", "en", /Line 3, column 5: there is no command 'kil'/],
    [Buffer.from("brokers: 3\n\n@2s kil 2\n"), "typo.blumfeld", "zh", /第 3 行/],
    [Buffer.from([0xff, 0xd8, 0xff, 0xe0]), "photo.png", "en", /neither a .blumfeld file nor a PNG/],
  ]) {
    const { said, at, page: other, context } = await reopened(browser, bytes, name, lang);
    check(sentence.test(said) && at >= 24, `${name}, ${lang}: ${said}`);
    check((await other.locator("main#stage svg:not(.i)").count()) > 0, "the experiment is gone");
    await context.close();
  }
}

/** A file that is dropped on the page; the browser's own way to say so, because no mouse of a test carries files. */
async function dropped(browser) {
  const { page, complaints } = await visit(browser, "?lang=en");
  const data = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(["scene: opening\n@26s kill 3\n@30s\n"], "run.blumfeld"));
    return transfer;
  });
  for (const event of ["dragover", "drop"]) await page.dispatchEvent("main#stage", event, { dataTransfer: data });
  await notice(page).filter({ hasText: "Opened" }).waitFor({ timeout: 60_000 });
  check((await clock(page)).at >= 26, "it stands elsewhere");
  none(complaints, "complaints");
}

async function snippets(browser) {
  const { page, complaints, dialog } = await acted(browser, "?lang=zh&theme=dark", COPYING);
  none(await violations(page), "axe, share, dark, Chinese");
  const link = await page.locator("#share-link").inputValue();
  for (const [host, holds] of [
    ["HTML", `<iframe src="${PAGE}?embed=1&amp;lang=zh&amp;ctl=1#b1.`],
    ["<blumfeld-player>", "lang=\"zh\""],
    ["Markdown", `(${PAGE}?lang=zh#b1.`],
    ["Docusaurus", "<iframe src={\""],
    ["Hugo", "{{< blumfeld src="],
    ["MyST", ":::{iframe} "],
    ["WordPress", "<!-- wp:html -->"],
  ]) {
    await button(dialog, host).click();
    await button(dialog, "复制代码").click();
    await dialog.getByRole("status").filter({ hasText: "代码已复制。" }).waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    check(copied.includes(holds) && copied.includes(link.slice(link.indexOf("#"))), `${host}: ${copied}`);
    check(copied === (await page.locator("#snippet").textContent()), `${host}: not what is shown`);
  }
  await button(dialog, "HTML").click();
  await button(dialog, "720").click();
  check((await page.locator("#snippet").innerText()).includes("height=\"720\""), "the height is not taken");
  none(complaints, "complaints");
}

async function phone(browser) {
  const options = { viewport: { width: 360, height: 740 }, deviceScaleFactor: 3, hasTouch: true, isMobile: true };
  const { page, complaints } = await visit(browser, "?lang=en&theme=light", options);
  await page.locator("header.top button.primary").click();
  const link = await written(page);
  check((await scanned(page, 1)) === link, "the QR code cannot be read");
  const wide = await page.evaluate(() => document.querySelector("dialog").scrollWidth - document.querySelector("dialog").clientWidth);
  check(wide <= 0, `the dialog is ${wide} pixels too wide`);
  none(await violations(page), "axe, share, phone");
  none(complaints, "complaints");
}

/** A longer link has a code that can be read, drawn large. */
async function long(browser) {
  const sizes = JSON.parse(await readFile(new URL("sizes.json", import.meta.url), "utf8"));
  const { page, complaints } = await visit(browser, `?lang=en${sizes["10-60-2"]}`, { deviceScaleFactor: 2 });
  await notice(page).waitFor({ timeout: 60_000 });
  await opened(page);
  const link = await page.locator("#share-link").inputValue();
  check(link.length > 500, `${link.length} characters are not long`);
  await page.locator("dialog .meter", { hasText: "Fits chats and mails" }).waitFor();
  await page.locator("dialog svg.qr.large").waitFor();
  check((await scanned(page, 1)) === link, "the large QR code cannot be read");
  none(await violations(page), "axe, share, a long link");
  none(complaints, "complaints");
}

export const tests = { "links and QR": links, "files and pictures": files, "dropped": dropped, "snippets": snippets, "phone": phone, "long": long };
