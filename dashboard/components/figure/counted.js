import { element, shape } from "./dom.js"
import { filled } from "./format.js"

const CROSS = "M6 6l12 12M18 6L6 18"

// How many points are selected, said over the figure, with a button that selects none. Where the traces say in
// `meta.place` which map they are, of how many each map shows: the same samples need not be in all. It stands in the
// corner of the first map then, as other panels are below.
export class Counted {
  constructor(figure, clear) {
    this.figure = figure
    this.node = element("div", "live-figure-counted", figure.stage, { role: "status", hidden: "" })
    this.text = element("span", "", this.node)
    this.button = element("button", "live-figure-clear", this.node, { type: "button" })
    this.button.onclick = clear
    const icon = shape("svg", "", this.button, { viewBox: "0 0 24 24", "aria-hidden": "true" })
    shape("path", "", icon, { d: CROSS })
  }

  show(ids) {
    const { counted } = this.figure.data
    this.node.hidden = !counted || !ids.size
    if (this.node.hidden) return
    const shown = this.shown(ids)
    this.text.textContent = this.sentence(counted, ids.size, shown)
    this.node.classList.toggle("live-figure-counted-above", shown.size > 0)
    this.button.setAttribute("aria-label", counted.clear)
    this.button.title = counted.clear
  }

  sentence(words, number, shown) {
    const numbers = [...shown.values()]
    if (numbers.length < 2) return filled(words.alone, () => number)
    if (numbers.every((one) => one === number)) return filled(words.everywhere, () => number)
    const parts = [...shown].map(([place, one]) => filled(words.part, (name) => ({ place, number: one })[name]))
    return filled(words.by_place, (name) => ({ number, parts: parts.join(", ") })[name])
  }

  // How many of these ids are shown in each map, by what the map is called.
  shown(ids) {
    const counts = new Map()
    for (const { trace, x, id } of this.figure.points.points) {
      const { place } = trace.meta ?? {}
      if (place === undefined) continue
      const found = [...x.keys()].filter((row) => ids.has(id(row))).length
      counts.set(place, (counts.get(place) ?? 0) + found)
    }
    return counts
  }
}
