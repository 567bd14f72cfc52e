import type { DefineComponent } from "vue";

/** The options of docs/embedding.md by their names: `src`, `s`, `lang`, `height`, … */
export type PlayerOptions = Record<string, string | number | boolean | null | undefined>;

export const BlumfeldPlayer: DefineComponent<{ options?: PlayerOptions }>;
