/**
 * Loads the engine, once; everything else needs it. In a browser it is fetched from `engine/`, under Node it is read from
 * the file. `source` is another place for it, or the module itself.
 */
export function init(source?: string | URL | Request | Response | BufferSource | WebAssembly.Module): Promise<void>;

export type Lang = "en" | "zh";

/** An instant: `"12.5s"`, `"mark:NAME"`, or nanoseconds as a whole number, as digits or as a BigInt. */
export type Instant = string | number | bigint;

export interface ClusterOptions {
  /** A scenario's or a lesson's text. Without text and link it is the opening scene. */
  text?: string;
  /** A link of the page, or its fragment `#b1.…`. Not beside `text` or `seed`. */
  link?: string;
  /** Other dice than the text's. */
  seed?: number | bigint | string;
  /** The language of sentences; `en` without it. */
  lang?: Lang;
  /** Values of what the text varies; the first ones of what is not named. */
  with?: Record<string, string | number>;
}

/** What came of a line. */
export interface Acted {
  /** It was done, and nobody is going to refuse it. */
  ok: boolean;
  /** Why not: Kafka's own words where Kafka refuses. */
  error?: string;
  /** What the cluster will answer, where it is asked something and answers soon. */
  answer: string[];
  /** What one of Kafka's tools prints of it, both streams; absent for lines of ours. */
  printed?: string[];
  /** The tool's exit code, as far as is known. */
  exit?: number;
}

/** The state, as the player's `getState` answers with it. Instants and counts are texts: they do not fit a number. */
export interface State {
  /** Nanoseconds. */
  now: string;
  nowText: string;
  /** Always false here: nothing plays by itself. */
  playing: boolean;
  events: string;
  /** A short digest of the whole state. */
  hash: string;
  /** Pairs of name and number, in the language of the cluster. */
  ledger: [string, string][];
  /** `#b1.…`, to be put behind the page's address; empty where no link holds it. */
  link: string;
}

/** Something that happened, or a sentence of the story. */
export interface Heard {
  /** The fact's kind, such as `BecameLeader`, or `story`. */
  kind: string;
  /** Nanoseconds. */
  now: string;
  nowText: string;
  /** Where, by the name on the stage; null for the story. */
  at: string | null;
  text: string;
  /** Whose act it is, where it is one. */
  by: "you" | "scene" | null;
}

/** Counts of what clients saw, by the names that `see` lines use. */
export interface Ledger {
  sent: number;
  acked: number;
  committed: number;
  delivered: number;
  duplicated: number;
  lost: number;
  reordered: number;
  failed: number;
  waiting: number;
  unanswered: number;
  skipped: number;
}

/**
 * A cluster that goes forward when it is told to, and only then. What cannot be done is an `Error` whose `name` is one of
 * `bad-argument bad-text bad-link no-such-mark too-much too-long stopped not-ready`, and whose `message` is a sentence.
 */
export class Cluster {
  constructor(options?: ClusterOptions);
  /** Nanoseconds, as digits. */
  readonly now: string;
  /** Set where the link's run went otherwise than the one that was shared. */
  readonly remark: string | undefined;
  /** Does a line of the terminal: ours (`kill 2`) or of Kafka's own tools. */
  act(line: string): Acted;
  /** One event or act. False: nothing will ever happen again. */
  step(): boolean;
  /** Goes on to an instant, with all that happens before it. */
  playTo(at: Instant): void;
  state(): State;
  /** Hears of one kind of facts, of the `story`, or of everything (null). The function that comes back ends it. */
  subscribe(kind: string | null, callback: (heard: Heard) => void): () => void;
  ledger(): Ledger;
  /** The experiment up to now, as `#b1.…`: the page opens it. */
  link(): string;
  /** Of every event so far: two runs with the same one are the same. */
  digest(): string;
  /** Gives its memory back at once; without it that happens when nobody holds the cluster any more. */
  free(): void;
}

/** Lines and columns count from 1, columns and lengths as JavaScript counts. */
export interface Problem {
  line: number;
  column: number;
  length: number;
  message: string;
  severity: "error" | "remark";
  nearest: string[];
}

export interface Completion {
  /** The whole word: it takes the place of what of it is there already. */
  text: string;
  kind: "version" | "header" | "value" | "command" | "option" | "setting" | "name" | "subject" | "fact" | "mark" | "words";
  /** The form of what begins so, its values, or what kind of word it is; in the language that was asked for. */
  hint: string;
}

export interface Ran {
  /** It came to its end, and every `see` line held. */
  ok: boolean;
  /** `notRun`: the run stopped before it came there. */
  sees: { line: number; ok: boolean; outcome: "held" | "failed" | "notRun"; said: string; atSeconds: number }[];
  story: { atSeconds: number; said: string }[];
  /** Lines of Kafka's tools, and what each has printed on both streams. */
  typed: { atSeconds: number; line: string; printed: string[]; exit: number }[];
  ledger: Ledger;
  stopped: string | null;
  events: number;
  digest: string;
}

/** Everything that is wrong with a scenario's text; where nothing is, what it lacks as a lesson. */
export function checkText(text: string, lang?: Lang): { problems: Problem[]; title: string };
/** What may stand at a place of a text. */
export function completeText(text: string, line: number, column: number, lang?: Lang): Completion[];
/** Plays a text to its end. Throws `bad-text` where it cannot be read. */
export function runText(text: string, lang?: Lang, choices?: Record<string, string | number>): Ran;
/**
 * When each line of a text is that does something, looks, or is a mark, in the order of its lines. Throws `bad-text` where
 * the text cannot be read.
 */
export function lineTimes(text: string, lang?: Lang): { line: number; atSeconds: number }[];
/** The run of a text as `#b1.…`, without its words. */
export function runLink(text: string, lang?: Lang): string;
/** A whole text as `#t1.…`, with its words and questions. Throws `too-long`. */
export function textLink(text: string, lang?: Lang): string;
/** What a link holds as a text that can be written on: its text, or its run, which is given a title. Throws `bad-link`. */
export function linkText(link: string, lang?: Lang, title?: string): string;
/** The lines that put a link into pages of all kinds, as Share writes them, and the heights that it offers. */
export function snippets(
  link: string,
  title: string,
  lang: Lang,
  height: number,
): { hosts: { name: string; text: string }[]; heights: number[] };
/** A node where a run opens, with its copies of partitions. */
export interface StandingNode {
  name: string;
  roles: "broker" | "controller" | "broker,controller";
  rack: string | null;
  up: boolean;
  copies: { partition: string; leads: boolean; inSync: boolean; replicas: number[]; isr: number[] }[];
}
/**
 * What a cluster's own tools and files come to: the run that stands in their state (`null` where the cluster cannot be
 * started), a sentence for everything that was understood, kept, assumed or not reached, and the nodes as they stand where
 * the run opens. `answers`: what is said instead of assumptions, as their `offers` have it (`controllers 1`, `brokers 5`,
 * `up 4`, `at-work billing`).
 */
export function importTexts(
  texts: { name?: string; text: string }[],
  lang?: Lang,
  title?: string,
  neutral?: boolean,
  answers?: string[],
): {
  text: string | null;
  lines: { kind: "sum" | "kept" | "assumed" | "unreached" | "refused"; line: number | null; said: string; offers: { said: string; answer: string }[] }[];
  nodes: StandingNode[];
};
/** The nodes of a text's cluster where its run opens. Throws `bad-text`. */
export function standingNodes(text: string, lang?: Lang): StandingNode[];
/**
 * What a text's run comes to, as files for a real Kafka; `given` files of nodes come back as they were, with what was changed
 * since below. Throws `bad-text`.
 */
export function exportText(text: string, lang?: Lang, given?: { name?: string; text: string }[], neutral?: boolean): { name: string; text: string }[];
/** The library's version. */
export function version(): string;
