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

// Whether any handle awaits an answer, as a class of the page: asked in the style sheet with ":has()" it would have the
// browser look through the page at each change of it.
export function tellPage() {
  document.body.classList.toggle("live-figure-awaited", document.querySelector(".live-figure-awaiting") !== null)
}

// Settles once what was drawn is on the screen, or soon where the page is in the background and nothing is painted.
function painted() {
  return new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve))
    setTimeout(resolve, 200)
  })
}

let last = Promise.resolve()

// Settles when what took a turn before is on the screen: figures that are drawn for the first time appear one after
// another, and none waits for all.
export function turn() {
  const mine = last
  last = mine.then(painted)
  return mine
}
