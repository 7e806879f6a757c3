// Brings into view what a click elsewhere on the page has changed: at the nearest, nothing moves where
// it is seen already.
export default function ({ data }) {
  const seen = (globalThis.metricLabBroughtIntoView ??= new Map())
  const before = seen.get(data.key) ?? 0
  seen.set(data.key, data.number)
  if (data.number <= before) return
  const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches
  const behavior = isStill ? "auto" : "smooth"
  document.querySelector(`.st-key-${data.key}`)?.scrollIntoView({ block: data.at, behavior })
}
