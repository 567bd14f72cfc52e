// The program beside the page: it reads and runs texts without holding up the typing. One request at a time; what it
// cannot do it answers with a sentence.

/** What may be asked. Not every build has all of it. */
const CALLS = [
  "checkText", "completeText", "runText", "textLink", "linkText", "lineTimes", "runLink", "snippets", "importTexts", "standingNodes", "exportText",
];

async function load() {
  try {
    const program = await import("../api/index.js");
    await program.init();
    return program;
  } catch (error) {
    postMessage({ type: "failed", text: String(error.message || error) });
    return null;
  }
}

/** Messages wait until it is there. */
const loaded = load();

addEventListener("message", async ({ data }) => {
  const { id, call, values } = data;
  const program = await loaded;
  try {
    if (!CALLS.includes(call) || typeof program[call] !== "function") postMessage({ id, missing: call });
    else postMessage({ id, value: program[call](...values) });
  } catch (error) {
    // A mistake of ours leaves nothing behind that could be used again.
    const broken = error instanceof WebAssembly.RuntimeError || error.name === "stopped";
    postMessage({ id, error: String(error.message || error), broken });
  }
});

if (await loaded) postMessage({ type: "ready" });
