// Small makers of nodes.
export function element(tag, className, parent, attributes = {}, text = "") {
  const node = document.createElement(tag)
  if (className) node.className = className
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value)
  if (text) node.textContent = text
  parent?.append(node)
  return node
}

// The same of another namespace, SVG or MathML, around these nodes and texts.
const made = (space) => (tag, attributes = {}, ...parts) => {
  const node = document.createElementNS(space, tag)
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value)
  node.append(...parts)
  return node
}
export const svg = made("http://www.w3.org/2000/svg")
export const math = made("http://www.w3.org/1998/Math/MathML")

export const wantsStillness = () => matchMedia("(prefers-reduced-motion: reduce)").matches

// "at {x}, {y}" with these values.
export const filled = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "")

// A number with two places and the sign that reads as minus.
export const shown = (value, places = 2) => (Math.abs(value) >= 1e4 ? value.toExponential(1) : value.toFixed(places)).replace(/^-0(\.0*)?$/, "0$1").replace("-", "−")
