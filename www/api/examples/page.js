// A small page of its own that follows a cluster: nothing of Blumfeld's page is here, only the library.

import { Cluster, init } from "../index.js";

const TEXT = `blumfeld 1
brokers: 3
controllers: 3
seed: 3

@6s create-topic orders partitions=3 rf=3 min.insync.replicas=2
+1s add-producer web orders every=200ms acks=all
@7s add-consumer billing-1 billing orders
`;
/** Seconds of Kafka per second of the reader's. */
const PACE = 2;

const $ = (id) => document.getElementById(id);
const leaders = new Map();

function row(partition) {
  const known = leaders.get(partition);
  if (known) return known;
  const line = $("leaders").insertRow();
  const made = { line, cells: [line.insertCell(), line.insertCell(), line.insertCell()], broker: null };
  made.cells[0].textContent = partition;
  leaders.set(partition, made);
  return made;
}

await init();
const cluster = new Cluster({ text: TEXT, lang: "en" });
cluster.subscribe("BecameLeader", ({ at, nowText, text }) => {
  const partition = text.split(" ")[1];
  if (!partition.startsWith("orders-")) return;
  const { cells } = Object.assign(row(partition), { broker: at });
  cells[1].textContent = `broker ${at}`;
  cells[2].textContent = nowText;
});
cluster.subscribe("story", ({ nowText, text }) => {
  const item = document.createElement("li");
  item.textContent = `${nowText}: ${text}`;
  $("story").prepend(item);
  while ($("story").children.length > 12) $("story").lastElementChild.remove();
});
$("kill").addEventListener("click", () => {
  const { ok, error } = cluster.act(`kill ${row("orders-0").broker}`);
  if (!ok) $("now").textContent = error;
});

let before;
let nanos = 0;
function go(time) {
  // A tab that was hidden does not make up for it.
  nanos += Math.min(time - (before ?? time), 100) * 1e6 * PACE;
  before = time;
  cluster.playTo(Math.round(nanos));
  const { sent, acked, delivered, lost } = cluster.ledger();
  $("now").textContent = `${(Number(cluster.now) / 1e9).toFixed(1)} s`;
  $("ledger").textContent = `sent ${sent}, acknowledged ${acked}, delivered ${delivered}, lost ${lost}`;
  $("kill").disabled = !leaders.has("orders-0");
  requestAnimationFrame(go);
}
requestAnimationFrame(go);
