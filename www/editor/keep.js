// Where the text stays: this tab (over a reload), this browser (over a visit), and files. Whatever a browser refuses is
// told, because somebody may lose an evening's work by it.

const NAME = "blumfeld.editor";
const BEFORE = "blumfeld.editor.before";
/** Bytes: more of it could not be typed in smoothly. A file of more is not even looked at. */
const LARGEST = 256 * 1024;

/** What was written last, in this tab or else in this browser; `null` where there is nothing. */
export function recalled() {
  return read("sessionStorage", NAME) ?? read("localStorage", NAME);
}

/** The text that another one took the place of. */
export function recalledBefore() {
  return read("localStorage", BEFORE);
}

function read(place, name) {
  try {
    const value = JSON.parse(window[place].getItem(name));
    return value && typeof value.text === "string" ? value : null;
  } catch (_) {
    return null;
  }
}

function write(place, name, value) {
  try {
    window[place].setItem(name, JSON.stringify(value));
    return true;
  } catch (_) {
    return false;
  }
}

/** Keeps `{text, name}`; says whether a later visit will find it. */
export function keep(value) {
  write("sessionStorage", NAME, value);
  return write("localStorage", NAME, value);
}

export function keepBefore(value) {
  return write("localStorage", BEFORE, value);
}

/** Hears that another tab has written. */
export function whenOthersWrite(heard) {
  window.addEventListener("storage", (event) => {
    if (event.key === NAME && event.newValue) heard();
  });
}

/** Saves a text as a file. */
export function save(name, text) {
  const address = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** The text of a file, or `{wrong, values}`: a sentence's key. */
export async function opened(file) {
  if (file.size > LARGEST) return { wrong: "fileLarge", values: { name: file.name, most: LARGEST / 1024 } };
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
    if (!text.includes("\0")) return { text };
  } catch (_) {
    // Neither a text nor anything else that can be read.
  }
  return { wrong: "fileForeign", values: { name: file.name } };
}

/** A file's name without what says its kind. */
export function stemOf(name) {
  return name.replace(/\.(blumfeld|txt)$/i, "").replace(/[^\p{L}\p{N}._-]+/gu, "-").slice(0, 80) || "experiment";
}

/** The fragment of a link that stands in what somebody pasted; `null` where there is none. */
export function fragmentOf(pasted) {
  const text = pasted.trim();
  // Behind the last `#`; a link without one is nothing else. A host may be called t1, too.
  const found = /^[bt]\d+\.\S+/.exec(text.slice(text.lastIndexOf("#") + 1));
  return found ? `#${found[0]}` : null;
}
