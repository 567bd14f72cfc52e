// A site of files that can be changed, and that can go away: for what a page does after an update and without a network.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The built page, as files. */
export const DIST = fileURLToPath(new URL("../../dist/", import.meta.url));

const KINDS = { html: "text/html; charset=utf-8", js: "text/javascript", css: "text/css", wasm: "application/wasm", svg: "image/svg+xml" };

/** Serves the built page; `changed` maps a file's name to a function that gives its new text from the old one. */
export async function site() {
  const changed = new Map();
  const renamed = new Map();
  const asked = [];
  const server = createServer(async (request, response) => {
    let name = decodeURIComponent(new URL(request.url, "http://here").pathname.slice(1));
    if (name === "" || name.endsWith("/")) name += "index.html";
    asked.push(name);
    try {
      let body = await readFile(path.join(DIST, renamed.get(name) ?? name));
      if (changed.has(name)) body = Buffer.from(changed.get(name)(body.toString()));
      const kind = KINDS[name.split(".").at(-1)] ?? "text/plain; charset=utf-8";
      // An hour: whoever trusts the browser's memory sees yesterday's page.
      response.writeHead(200, { "Content-Type": kind, "Cache-Control": "max-age=3600", "Access-Control-Allow-Origin": "*" });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  return {
    address: `http://127.0.0.1:${port}/`,
    changed,
    renamed,
    asked,
    /** As if the network were gone. */
    close: () => new Promise((done) => { server.close(done); server.closeAllConnections(); }),
  };
}
