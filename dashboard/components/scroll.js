const GESTURES = ["wheel", "touchstart", "pointerdown", "keydown"]
const HELD = 4000 // milliseconds, in which what stands above may still grow

// Brings into view what a click elsewhere on the page has changed. At the nearest, nothing moves where it is seen
// already; at the start it begins at the top, and stays there while the page above it is drawn, until a gesture.
export default function ({ data }) {
  const seen = (globalThis.metricLabBroughtIntoView ??= new Map())
  const before = seen.get(data.key) ?? 0
  seen.set(data.key, data.number)
  if (data.number <= before) return
  const go = (behavior) =>
    document.querySelector(`.st-key-${data.key}`)?.scrollIntoView({ block: data.at, behavior })
  if (data.at === "start") hold(() => go("auto"))
  else go(matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth")
}

function hold(go) {
  const watcher = new ResizeObserver(go)
  const stop = () => {
    watcher.disconnect()
    for (const gesture of GESTURES) removeEventListener(gesture, stop, true)
  }
  for (const gesture of GESTURES) addEventListener(gesture, stop, { capture: true, passive: true })
  setTimeout(stop, HELD)
  watcher.observe(document.querySelector(".stMainBlockContainer"))
}
