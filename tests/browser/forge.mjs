// Links as a stranger with a debugger could write them: the head of one without steps is taken apart, changed, and put
// together again with the right checksums. Format 1; see crates/world/script/src/link.

import { deflateRawSync, inflateRawSync } from "node:zlib";

const TABLE = Array.from({ length: 256 }, (_, byte) => {
  let sum = byte;
  for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0x82f63b78 : sum >>> 1;
  return sum >>> 0;
});

function crc32c(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) sum = (sum >>> 8) ^ TABLE[(sum ^ byte) & 0xff];
  return ~sum >>> 0;
}

/** Numbers without habits, as the range coder writes them. */
function coded(numbers) {
  const bytes = [];
  let [low, range, held, pending] = [0n, 0xffffffff, 0, 1];
  const shift = () => {
    const carry = Number(low >> 32n);
    if (low < 0xff000000n || carry > 0) {
      for (let index = 0; index < pending; index += 1) bytes.push(((index === 0 ? held : 0xff) + carry) & 0xff);
      [pending, held] = [0, Number((low >> 24n) & 0xffn)];
    }
    pending += 1;
    low = (low & 0x00ffffffn) << 8n;
  };
  for (const [value, bits] of numbers) {
    for (let place = bits - 1; place >= 0; place -= 1) {
      range >>>= 1;
      if ((value >>> place) & 1) low += BigInt(range);
      while (range < 1 << 24) {
        range = (range << 8) >>> 0;
        shift();
      }
    }
  }
  for (let count = 0; count < 5; count += 1) shift();
  return bytes.slice(1);
}

function varint(value) {
  const bytes = [];
  for (let rest = BigInt(value); ; rest >>= 7n) {
    if (rest < 128n) return [...bytes, Number(rest)];
    bytes.push(Number(rest & 127n) | 128);
  }
}

/** The parts of a link's head, each as its bytes, in their order. */
function parts(fragment) {
  const bytes = [...inflateRawSync(Buffer.from(fragment.replace(/^#b1\./, ""), "base64url"))];
  let at = 0;
  const take = (count) => bytes.slice(at, (at += count));
  const number = () => {
    const start = at;
    while (bytes[at] & 128) at += 1;
    return bytes.slice(start, (at += 1));
  };
  const head = { semantics: number(), seed: number(), origin: take(1), name: number() };
  if (head.origin[0] !== 0 || head.name[0] === 0) throw new Error("not a link to a built-in scenario");
  Object.assign(head, { end: number(), behind: number(), events: number(), run: take(8), state: take(8), steps: number() });
  if (head.steps[0] !== 0) throw new Error("only links without steps can be forged");
  return head;
}

/** The same link with other parts: numbers, or functions from the part's bytes to others. */
export function forged(fragment, changes) {
  const head = parts(fragment);
  for (const [name, change] of Object.entries(changes)) {
    head[name] = typeof change === "function" ? change(head[name]) : varint(change);
  }
  const bytes = Object.values(head).flat();
  const sum = crc32c(bytes);
  return packed([...bytes, ...coded([[sum & 0xff, 8], [sum, 32]])]);
}

/** Any bytes as a link. */
export function packed(bytes) {
  return `#b1.${deflateRawSync(Buffer.from(bytes), { level: 9 }).toString("base64url")}`;
}
