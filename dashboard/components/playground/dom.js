// Small makers of nodes.
export function element(tag, className, parent, attributes = {}, text = "") {
  const node = document.createElement(tag)
  if (className) node.className = className
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value)
  if (text) node.textContent = text
  parent?.append(node)
  return node
}

export const wantsStillness = () => matchMedia("(prefers-reduced-motion: reduce)").matches

// "at {x}, {y}" with these values.
export const filled = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "")

// A number with two places and the sign that reads as minus.
export const shown = (value, places = 2) => (Math.abs(value) >= 1e4 ? value.toExponential(1) : value.toFixed(places)).replace(/^-0(\.0*)?$/, "0$1").replace("-", "−")
