// <blumfeld-player> for React: <BlumfeldPlayer options={{ src, s: "m12" }} onState={...} ref={...} />. The ref is the
// element itself, with play(), seek() and the other methods.

import { createElement, forwardRef, useEffect, useImperativeHandle, useRef } from "react";
import { dress, listen } from "./player-options.js";

export const BlumfeldPlayer = forwardRef(function BlumfeldPlayer({ options = {}, className, style, ...handlers }, ref) {
  const element = useRef(null);
  const before = useRef({});
  const latest = useRef(handlers);
  latest.current = handlers;
  useImperativeHandle(ref, () => element.current, []);
  useEffect(() => {
    dress(element.current, options, before.current);
    before.current = options;
  });
  useEffect(
    () => listen(element.current, (type, message) => latest.current[`on${type[0].toUpperCase()}${type.slice(1)}`]?.(message)),
    [],
  );
  return createElement("blumfeld-player", { ref: element, class: className, style });
});
