import type { CSSProperties, ForwardRefExoticComponent, RefAttributes } from "react";

/** The options of docs/embedding.md by their names: `src`, `s`, `lang`, `height`, … */
export type PlayerOptions = Record<string, string | number | boolean | null | undefined>;
export type PlayerMessage = { blumfeld: 1; type: string; [field: string]: unknown };
type Handler = (message: PlayerMessage) => void;

export interface PlayerProps {
  options?: PlayerOptions;
  className?: string;
  style?: CSSProperties;
  onReady?: Handler;
  onLoaded?: Handler;
  onError?: Handler;
  onPlay?: Handler;
  onPause?: Handler;
  onStep?: Handler;
  onEvent?: Handler;
  onAction?: Handler;
  onCheck?: Handler;
  onComplete?: Handler;
  onHeight?: Handler;
  onState?: Handler;
}

export const BlumfeldPlayer: ForwardRefExoticComponent<PlayerProps & RefAttributes<HTMLElement>>;
