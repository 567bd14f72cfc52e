// The library for scripts: under Node, in a page of its own under a strict policy, and its types.

import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { DIST } from "./site.mjs";
import { PAGE, check, none, until, violations, watch } from "./lib.mjs";

const API = path.join(DIST, "api");
const run = promisify(execFile);

async function library() {
  const api = await import(pathToFileURL(path.join(API, "index.js")));
  await api.init();
  return api;
}

/** What is thrown, as `name: sentence`. */
function thrown(call) {
  try {
    call();
  } catch (error) {
    check(error instanceof Error && error.message.length > 10, `no Error with a sentence: ${error}`);
    return `${error.name}: ${error.message}`;
  }
  throw new Error(`nothing was thrown by ${call}`);
}

/** The names that a block of the types declares. */
function declared(types, pattern) {
  return [...types.matchAll(pattern)].map((match) => match[1]).sort();
}

const same = (one, other, what) => check(JSON.stringify(one) === JSON.stringify(other), `${what}: ${one} and ${other}`);

async function theExampleRuns() {
  const { stdout, stderr } = await run(process.execPath, [path.join(API, "examples/node.mjs")], { timeout: 60_000 });
  check(stderr === "", `it complained: ${stderr}`);
  const said = (pattern) => check(pattern.test(stdout), `${pattern} is not in\n${stdout}`);
  said(/Created topic orders\./);
  said(/refused: TOPIC_ALREADY_EXISTS/);
  said(/The leader of orders-0 is broker \d\.\n> kill \d/);
  said(/lost: 0/);
  said(/#b1\./);
  const [before, after] = [...stdout.matchAll(/The leader of orders-0 is broker (\d)/g)].map((match) => match[1]);
  check(before !== after, `broker ${before} leads after it was killed`);
  // Same text, same seed, same run.
  const again = await run(process.execPath, [path.join(API, "examples/node.mjs")]);
  check(again.stdout === stdout, "another run went otherwise");
}

async function theTypesNameWhatThereIs() {
  const types = await readFile(path.join(API, "index.d.ts"), "utf8");
  const api = await library();
  const engine = await import(pathToFileURL(path.join(API, "engine/blumfeld_js.js")));
  const functions = declared(types, /^export function (\w+)/gm);
  const classes = declared(types, /^export class (\w+)/gm);
  same(Object.keys(api).sort(), [...functions, ...classes].sort(), "exports and types");
  const own = ["default", "initSync", "start"];
  const exported = Object.keys(engine).filter((name) => !own.includes(name));
  same(exported.sort(), [...functions, ...classes].filter((name) => name !== "init").sort(), "engine and types");
  const body = types.match(/^export class Cluster \{\n([\s\S]*?)^\}/m)[1];
  const members = declared(body, /^ {2}(?:readonly )?(\w+)[(:]/gm);
  const hidden = (name) => name.startsWith("__");
  const there = Object.getOwnPropertyNames(engine.Cluster.prototype).filter((name) => !hidden(name));
  same(there.sort(), members, "members of Cluster and their types");
  const cluster = new api.Cluster();
  const state = types.match(/^export interface State \{\n([\s\S]*?)^\}/m)[1];
  same(Object.keys(cluster.state()).sort(), declared(state, /^ {2}(\w+)\??:/gm), "fields of the state");
  const ledger = types.match(/^export interface Ledger \{\n([\s\S]*?)^\}/m)[1];
  same(Object.keys(cluster.ledger()).sort(), declared(ledger, /^ {2}(\w+)\??:/gm), "counts of the ledger");
  const ran = api.runText("blumfeld 1\nbrokers: 1\n@9s see sent 0\n", "en");
  const fields = types.match(/^export interface Ran \{\n([\s\S]*?)^\}/m)[1];
  same(Object.keys(ran).sort(), declared(fields, /^ {2}(\w+)\??:/gm), "what a run came to");
  check(api.version() === JSON.parse(await readFile(path.join(API, "package.json"), "utf8")).version, "two versions");
}

async function whatIsWrongIsAnErrorWithASentence() {
  const { Cluster, checkText, completeText, runText } = await library();
  const odd = [5, {}, [], NaN, Symbol("x"), () => 1, true, 10n, "\u0000", "值"];
  same(thrown(() => new Cluster({ txt: "" })), "bad-argument: There is no option 'txt'; the nearest is 'text'.", "an option");
  for (const [options, name] of [
    ["text", "bad-argument"], [7, "bad-argument"], [() => 1, "bad-argument"], [{ lang: "fr" }, "bad-argument"], [{ seed: -1 }, "bad-argument"],
    [{ seed: 0.5 }, "bad-argument"], [{ text: "", link: "" }, "bad-argument"], [{ text: "blumfeld 1\nbrokrs: 3\n" }, "bad-text"],
    [{ link: "hello" }, "bad-link"], [{ link: "#b1.AAAA" }, "bad-link"], [{ with: 5 }, "bad-argument"],
  ]) {
    const told = thrown(() => new Cluster(options));
    check(told.startsWith(`${name}: `), `${JSON.stringify(options)}: ${told}`);
  }
  const cluster = new Cluster({ text: "blumfeld 1\nbrokers: 1\ncontrollers: 1\n@9s mark there\n@20s\n" });
  for (const value of odd) {
    if (typeof value !== "string") check(/^bad-argument: act takes/.test(thrown(() => cluster.act(value))), "act");
    if (typeof value !== "bigint" && value !== 5) thrown(() => cluster.playTo(value));
    if (typeof value !== "function") thrown(() => cluster.subscribe(null, value));
    thrown(() => cluster.subscribe(value, () => {}));
    if (typeof value !== "string") thrown(() => checkText(value));
    if (value !== 5) thrown(() => completeText("", value, 1));
  }
  check(/nearest is 'BecameLeader'/.test(thrown(() => cluster.subscribe("BecomeLeader", () => {}))), "near kinds");
  check(thrown(() => runText("blumfeld 1\nexplode\n")).startsWith("bad-text: Line 2"), "runText");
  check(thrown(() => runText("blumfeld 1\nexplode\n", "zh")).includes("第 2 行"), "runText in Chinese");
  cluster.playTo("mark:there");
  check(cluster.now === "9000000000", `it stands at ${cluster.now}`);
  check(/forward only/.test(thrown(() => cluster.playTo("3s"))), "time goes forward");
  thrown(() => cluster.playTo("mark:nowhere"));
  cluster.playTo(10_000_000_000n);
  cluster.playTo(11_000_000_000);
  cluster.playTo("12000000000");
  check(cluster.now === "12000000000", "instants in all their forms");
}

async function listenersMayActAndThrow() {
  const { Cluster } = await library();
  const make = () => new Cluster({ text: "blumfeld 1\nbrokers: 1\ncontrollers: 1\nseed: 5\n" });
  const cluster = make();
  let [made, heard] = [false, 0];
  const end = cluster.subscribe("BrokerUnfenced", () => {
    heard += 1;
    made ||= cluster.act("create-topic orders").ok;
    end();
    end();
  });
  cluster.playTo("20s");
  check(made && heard === 1, `the listener heard ${heard} facts`);
  const all = [];
  cluster.subscribe(null, (fact) => all.push(fact));
  const stop = cluster.subscribe(null, () => { throw new TypeError("of the listener's own"); });
  const own = "TypeError: of the listener's own";
  same(thrown(() => cluster.act("add-producer web orders every=100ms")), own, "what a listener throws comes out of act");
  same(thrown(() => cluster.playTo("22s")), own, "what a listener throws comes out of playTo");
  stop();
  cluster.playTo("25s");
  check(cluster.ledger().acked > 10, `it went on: ${JSON.stringify(cluster.ledger())}`);
  check(all.some(({ kind }) => kind === "story") && all.some(({ kind, at }) => kind === "Appended" && at === "1"), "facts and story");
  check(all.some(({ by }) => by === "you"), "own acts are told as such");
  const link = cluster.link();
  const other = new Cluster({ link });
  check(other.digest() === cluster.digest() && other.now === cluster.now && other.remark === undefined, "a link leads to the same moment");
  same(other.state(), cluster.state(), "states");
  other.free();
  // A listener may give the cluster's memory back: the call that told it ends, and nobody hears of it again.
  const brief = new Cluster();
  let told = 0;
  brief.subscribe(null, () => {
    told += 1;
    brief.free();
  });
  brief.playTo("60s");
  check(told === 1, `after free ${told} facts were told`);
  check(thrown(() => brief.digest()) !== undefined, "it is gone");
}

async function aPageFollowsACluster(browser) {
  const context = await browser.newContext({ viewport: { width: 900, height: 900 } });
  const page = await context.newPage();
  const complaints = watch(page);
  const answer = await page.goto(`${PAGE}api/examples/page.html`);
  check((answer.headers()["content-security-policy"] ?? "").includes("default-src 'none'"), "it is served with its policy");
  const leader = () => page.locator("#leaders tr", { hasText: "orders-0" }).locator("td").nth(1).innerText();
  const before = await until(leader, (text) => /^broker \d$/.test(text), "a leader of orders-0", 60);
  await page.getByRole("button", { name: "Kill the leader of orders-0" }).click();
  await until(leader, (text) => /^broker \d$/.test(text) && text !== before, "another leader", 60);
  check((await page.locator("#story li").count()) > 2, "it tells the story");
  none(await violations(page), "axe");
  none(complaints, "complaints");
}

async function theNewestLinkOpensInThePage(browser) {
  const { Cluster } = await library();
  const cluster = new Cluster();
  cluster.act("kill 2");
  cluster.playTo(String(BigInt(cluster.now) + 5_000_000_000n));
  const { hash, link } = cluster.state();
  const context = await browser.newContext({ locale: "en-US" });
  const page = await context.newPage();
  const complaints = watch(page);
  await page.goto(PAGE + link);
  const state = await until(() => page.evaluate(() => { try { return globalThis.blumfeld?.getState(); } catch { return undefined; } }),
    (state) => state?.hash === hash, "the page to stand at the same state", 60);
  same(Object.keys(state).filter((name) => !["blumfeld", "type", "id"].includes(name)).sort(), Object.keys(cluster.state()).sort(), "fields of both states");
  same({ ...state, link: "" }, { ...cluster.state(), link: "" }, "both states");
  check(state.link.endsWith(link), "both links");
  none(complaints, "complaints");
}

/** The wrapper's own code with a stand-in for the framework: what it asks of it, and what it gives to the element. */
async function theWrappersDressTheElement(browser) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const complaints = watch(page);
  await page.route("**/api/stand-in/*", async (route) => {
    const name = new URL(route.request().url()).pathname.split("/").at(-1);
    await route.fulfill({ contentType: "text/javascript", body: STAND_INS[name] });
  });
  for (const name of ["vue.js", "react.js"]) {
    const text = await readFile(path.join(API, name), "utf8");
    await page.route(`**/api/${name}`, (route) => route.fulfill({
      contentType: "text/javascript", body: text.replace(/from "(vue|react)"/, 'from "./stand-in/$1.js"'),
    }));
  }
  await page.goto(`${PAGE}course/`);
  for (const name of ["vue", "react"]) {
    const got = await page.evaluate(async ({ base, name }) => {
      const { BlumfeldPlayer } = await import(`${base}api/${name}.js`);
      const { mount } = await import(`${base}api/stand-in/${name}.js`);
      const heard = [];
      const element = await mount(BlumfeldPlayer, { src: base, s: "m12", step: "run", readonly: true, theme: null }, (message) => heard.push(message));
      element.dispatchEvent(new CustomEvent("state", { detail: { now: "7" } }));
      const names = element.getAttributeNames().filter((name) => !["style", "class"].includes(name)).sort();
      return { names, step: element.getAttribute("step"), method: typeof element.step, heard };
    }, { base: PAGE, name });
    same(got, { names: ["readonly", "s", "src", "step"], step: "run", method: "function", heard: [{ now: "7" }] }, name);
  }
  none(complaints, "complaints");
}

const STAND_INS = {
  "vue.js": `
    const hooks = [];
    export const ref = (value) => ({ value });
    export const onMounted = (hook) => hooks.push(hook);
    export const onBeforeUnmount = () => {};
    export const watch = () => {};
    export const h = (tag, props) => ({ tag, props });
    export const defineComponent = (component) => component;
    export function mount(component, options, tell) {
      const render = component.setup({ options }, { emit: (type, message) => type === "state" && tell(message), expose() {} });
      const { tag, props } = render();
      props.ref.value = document.body.appendChild(document.createElement(tag));
      hooks.splice(0).forEach((hook) => hook());
      return props.ref.value;
    }`,
  "react.js": `
    const effects = [];
    export const useRef = (current) => ({ current });
    export const useEffect = (effect) => effects.push(effect);
    export const useImperativeHandle = () => {};
    export const forwardRef = (render) => render;
    export const createElement = (tag, props) => ({ tag, props });
    export function mount(component, options, tell) {
      const { tag, props } = component({ options, onState: tell }, null);
      props.ref.current = document.body.appendChild(document.createElement(tag));
      effects.splice(0).forEach((effect) => effect());
      return props.ref.current;
    }`,
};

export const tests = {
  "a script drives a cluster under Node": theExampleRuns,
  "the types name what there is": theTypesNameWhatThereIs,
  "what is wrong is an error with a sentence": whatIsWrongIsAnErrorWithASentence,
  "listeners may act and throw": listenersMayActAndThrow,
  "a page of its own follows a cluster under a strict policy": aPageFollowsACluster,
  "a script's link opens in the page at the same state": theNewestLinkOpensInThePage,
  "the wrappers for Vue and React dress the element": theWrappersDressTheElement,
};
