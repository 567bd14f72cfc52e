// <blumfeld-player> for Vue 3: <BlumfeldPlayer :options="{ src, s: 'm12' }" @state="…" ref="player" />. The ref exposes the
// element as `element`, with play(), seek() and the other methods.

import { defineComponent, h, onBeforeUnmount, onMounted, ref, watch } from "vue";
import { EVENTS, dress, listen } from "./player-options.js";

export const BlumfeldPlayer = defineComponent({
  name: "BlumfeldPlayer",
  props: { options: { type: Object, default: () => ({}) } },
  emits: EVENTS,
  setup(props, { emit, expose }) {
    const element = ref(null);
    let before = {};
    let end = () => {};
    const put = () => {
      if (!element.value) return;
      dress(element.value, props.options, before);
      before = { ...props.options };
    };
    onMounted(() => {
      put();
      end = listen(element.value, emit);
    });
    onBeforeUnmount(() => end());
    watch(() => props.options, put, { deep: true });
    expose({ element });
    return () => h("blumfeld-player", { ref: element });
  },
});
