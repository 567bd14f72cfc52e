// Drives a cluster from a script, without a page: makes a topic, kills its leader, prints the story, the ledger and a link
// that opens the same run in the page.   node examples/node.mjs

import { Cluster, init } from "../index.js";

const TEXT = `blumfeld 1
brokers: 3
controllers: 3
seed: 7
`;

/** Does a line or says why not. */
function act(cluster, line) {
  console.log(`> ${line}`);
  const { ok, error, answer } = cluster.act(line);
  console.log(ok ? answer.map((text) => `  ${text}`).join("\n") || "  done" : `  refused: ${error}`);
}

await init();
const cluster = new Cluster({ text: TEXT });
let leader;
cluster.subscribe("story", ({ nowText, text }) => console.log(`${nowText.padStart(9)}  ${text}`));
const stop = cluster.subscribe("BecameLeader", ({ at, text }) => {
  if (text.includes(" orders-0 ")) leader = at;
});

cluster.playTo("8s");
act(cluster, "create-topic orders partitions=1 rf=3 min.insync.replicas=2");
act(cluster, "create-topic orders partitions=1 rf=9");
cluster.playTo("9s");
act(cluster, "add-producer web orders every=500ms acks=all");
act(cluster, "add-consumer billing-1 billing orders");
cluster.playTo("20s");
console.log(`The leader of orders-0 is broker ${leader}.`);
act(cluster, `kill ${leader}`);
cluster.playTo("45s");
console.log(`The leader of orders-0 is broker ${leader} now.`);
stop();

console.log(cluster.ledger());
console.log(`${cluster.state().events} events, digest ${cluster.digest()}`);
console.log(`The same run in the page: https://…/${cluster.link()}`);
