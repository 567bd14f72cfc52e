// What the editor knows of a text by its shape alone: lines, places, which part of a line is drawn how. Nothing here knows
// a command or a header; whether a word is right is said by the program (worker.js).

/** In a text of lines: where line and column (both from 1, columns in JavaScript's units) lie as an index. */
export function indexOf(lines, line, column) {
  const row = Math.min(Math.max(line, 1), lines.length) - 1;
  const before = lines.slice(0, row).reduce((sum, text) => sum + text.length + 1, 0);
  return before + Math.min(Math.max(column - 1, 0), lines[row].length);
}

/** Line and column (from 1) of an index. */
export function placeOf(text, index) {
  const before = text.slice(0, index);
  let line = 1;
  for (let at = before.indexOf("\n"); at >= 0; at = before.indexOf("\n", at + 1)) line += 1;
  return { line, column: index - before.lastIndexOf("\n") };
}

/** Which part of the text each line belongs to: head, body, words, or what is not read. */
export function parts(lines) {
  let part = "head";
  return lines.map((line) => {
    const text = line.trim();
    if (part === "gone" || text === "----") return (part = "gone");
    if (/^== /.test(text)) part = "words";
    else if (part === "head" && text && !/^(#|blumfeld |[a-z][\w.-]*:)/.test(text)) part = "body";
    return part;
  });
}

/** A line in pieces `[class, text]`; together they are the line. */
export function inked(line, part) {
  if (part === "gone" || /^\s*#/.test(line)) return [["cm", line]];
  if (part === "body") return body(line);
  const name = /^(\s*(?:[a-z][\w.-]*(?: [\w-]+)?:|== \w*|blumfeld \d+|- ))/.exec(line);
  return name ? [["hd", name[1]], ...rest(line.slice(name[1].length))] : rest(line);
}

function rest(text) {
  return text ? [["", text]] : [];
}

/** Conditions and times, then the word that says what is done; behind semicolons comes another one. */
function body(line) {
  const pieces = [];
  const source = /\s*\[[^\]]*\]\s*$/.exec(line);
  const end = source ? source.index : line.length;
  for (const command of line.slice(0, end).split(/(?<=;)/)) {
    const [, when, space, time, verb] = /^(\s*when [^:]*:)?(\s*)([@+]\S+)?(\s*[\w-]+)?/.exec(command);
    const known = [["tm", when], ["", space], ["tm", time], ["hd", verb]].filter(([, text]) => text);
    pieces.push(...known, ...rest(command.slice(known.reduce((sum, [, text]) => sum + text.length, 0))));
  }
  return source ? [...pieces, ["cm", source[0]]] : pieces;
}

/** Pieces with underlines: `marks` are `{from, to, class}` in units of the line. */
export function underlined(pieces, marks) {
  let out = pieces.map(([kind, text]) => ({ kind, text }));
  for (const mark of marks) {
    let at = 0;
    out = out.flatMap(({ kind, text }) => {
      const [from, to] = [mark.from - at, mark.to - at].map((edge) => Math.min(Math.max(edge, 0), text.length));
      at += text.length;
      if (from >= to) return [{ kind, text }];
      const cut = [[kind, text.slice(0, from)], [`${kind} ${mark.class}`.trim(), text.slice(from, to)], [kind, text.slice(to)]];
      return cut.filter(([, part]) => part).map(([kind, text]) => ({ kind, text }));
    });
  }
  return out;
}

/** The part of a word that stands before the caret. */
export function stem(before) {
  return /[\w.-]*$/.exec(before)[0];
}

/** What of a suggestion's text is there already: the longest end of `before` that it begins with, else the word's stem. */
export function typed(before, text) {
  const low = text.toLowerCase();
  for (let length = Math.min(before.length, text.length); length > 0; length -= 1) {
    const end = before.slice(-length);
    const whole = length === before.length || /[^\w.-]/.test(before[before.length - length - 1]);
    if (whole && low.startsWith(end.toLowerCase())) return end;
  }
  return stem(before);
}

/** The value of a header, for the file's name. */
export function header(lines, name) {
  const found = lines.find((line) => line.startsWith(`${name}:`));
  return found ? found.slice(name.length + 1).trim() : "";
}

/** Seconds as the page writes them. */
export function seconds(value) {
  return (Math.round(value * 1000) / 1000).toFixed(3);
}

/** Seconds as whole nanoseconds in digits, as the player's messages take them. */
export function nanos(value) {
  return String(BigInt(Math.round(value * 1e9)));
}
