// Beside the stage: the loss of this moment, how hard the triplet is, the formula with its numbers, and all settings.
import { element, filled, shown } from "./dom.js"
import { KINDS } from "./hardness.js"
import { mathml } from "./mathml.js"
import { choice, slider, toggle } from "./sliders.js"
import { isTriplet } from "./state.js"

const SYMBOLS = { easy: "●", "semi-hard": "◆", hard: "▲" }

export class Panel {
  constructor(parent, playground) {
    Object.assign(this, { playground, words: playground.data.words })
    const node = (this.node = element("div", "playground-panel", parent))
    const head = element("div", "playground-head", node)
    this.value = element("output", "playground-loss", head)
    this.terms = element("span", "playground-terms", head)
    this.hardness = element("p", "playground-hardness", node)
    this.formula = element("div", "playground-formula", node, { role: "group", "aria-label": this.words.formula })
    const legend = element("p", "playground-legend", node)
    for (const name of ["pull", "push", "net"]) element("span", `playground-key playground-key-${name}`, legend, {}, this.words.key[name])
    this.settings = element("div", "playground-settings", node)
    this.build()
  }

  // The controls of a loss: those that matter most stand open, the rest is folded.
  build() {
    const { data } = this.playground
    const open = this.settings
    open.replaceChildren()
    this.controls = {}
    const offered = data.parameters.filter(({ name }) => !data.hidden.includes(name))
    const isMain = ({ main }) => main
    const main = offered.some(isMain) ? offered.filter(isMain) : offered.slice(0, 1)
    for (const one of main) this.add(open, one)
    this.addToggles(element("div", "playground-toggles", open))
    const rest = offered.filter((one) => !main.includes(one))
    if (!rest.length) return
    const fold = element("details", "playground-more", open)
    element("summary", "", fold, {}, this.words.more)
    for (const one of rest) this.add(fold, one)
  }

  add(parent, one) {
    const { playground } = this
    if (one.choices.length) {
      this.controls[one.name] = choice(parent, one, (value) => (playground.setValue(one.name, value), playground.settled()))
      return
    }
    this.controls[one.name] = slider(parent, one, (value) => playground.setValue(one.name, value), () => playground.settled())
  }

  addToggles(parent) {
    const { playground, words } = this
    const { data, kind } = playground
    const offered = {
      squared: kind.compares === "distance",
      anchors: !kind.rows && kind.compares !== "dot product",
      bands: kind.compares === "distance" && kind.hardnessMargin && !kind.rings,
      arrows: true,
      landscape: true,
    }
    for (const [name, isThere] of Object.entries(offered)) {
      if (!isThere || data.hidden.includes(name)) continue
      const set = (isOn) => (playground.setValue(name, name === "anchors" ? (isOn ? "all" : "first") : isOn), playground.settled())
      this.controls[name] = toggle(parent, words.toggle[name], words.toggle_help[name], set)
    }
  }

  showValues({ values }) {
    for (const [name, control] of Object.entries(this.controls)) control.show(name === "anchors" ? values.anchors === "all" : values[name])
  }

  draw(scene) {
    const { result } = scene
    this.setText(this.value, `${this.words.loss} ${shown(result.objective, Math.abs(result.objective) < 100 ? 3 : 1)}`)
    this.setText(this.terms, result.count ? filled(this.words.terms, { active: result.active, count: result.count }) : this.words.no_terms)
    this.drawHardness(scene)
    this.drawFormula(scene)
    this.showValues(scene.state)
  }

  drawHardness({ hard, state, colours }) {
    const { words } = this
    const total = hard.triplets.length
    const key = JSON.stringify([hard.triplets[0], hard.counts, isTriplet(state) && hard.distances, hard.margin, colours.hardness])
    if (key === this.shownHardness) return
    this.shownHardness = key
    if (!total) return this.hardness.replaceChildren()
    if (isTriplet(state)) {
      const [a, p, n, kind] = hard.triplets[0]
      const [near, far] = [p, n].map((column) => shown(hard.distances[a * state.labels.length + column]))
      const said = filled(words.hardness[kind], { near, far, margin: shown(hard.margin) })
      return this.hardness.replaceChildren(chip(kind, words.kind[kind], colours), ` ${said}`)
    }
    const chips = KINDS.flatMap((kind) => [chip(kind, `${words.kind[kind]} ${hard.counts[kind]}`, colours), " "])
    this.hardness.replaceChildren(...chips, filled(words.triplets, { count: total }))
  }

  // One term of the loss: the largest one of the chosen point.
  drawFormula({ x, result, term, state }) {
    const lines = term ? x.kind.line(x, { term, parameters: state.values, result }) : []
    const key = lines.join("|")
    if (key === this.shownLines) return
    this.shownLines = key
    this.formula.replaceChildren()
    if (!term) element("p", "", this.formula, {}, this.words.no_terms)
    for (const line of lines) element("div", "", this.formula).append(mathml(line, this.words.in_formulas))
  }

  setText(node, text) {
    if (node.textContent !== text) node.textContent = text
  }
}

// A word with the shape and the colour of its hardness.
function chip(kind, text, { hardness }) {
  const node = element("span", "playground-chip")
  node.style.setProperty("--hardness", hardness[kind])
  element("span", "", node, { "aria-hidden": "true" }, SYMBOLS[kind])
  node.append(` ${text}`)
  return node
}
