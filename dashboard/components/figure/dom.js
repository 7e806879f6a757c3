const SVG = "http://www.w3.org/2000/svg"

export function element(tag, className, parent, attributes = {}) {
  return adopted(document.createElement(tag), className, parent, attributes)
}

export function shape(tag, className, parent, attributes = {}) {
  return adopted(document.createElementNS(SVG, tag), className, parent, attributes)
}

export function setAll(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value)
}

function adopted(node, className, parent, attributes) {
  if (className) node.setAttribute("class", className)
  setAll(node, attributes)
  parent?.append(node)
  return node
}

export const wantsStillness = () => matchMedia("(prefers-reduced-motion: reduce)").matches
