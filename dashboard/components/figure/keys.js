import { toPixel } from "./axes.js"
import { element, setAll, shape } from "./dom.js"
import { filled } from "./format.js"
import { wordsOf } from "./hover.js"

const STEP = 10 // pixels that one press moves the cross, or widens the circle
const REST = 250 // milliseconds without another press, after which it is said what is there
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }
const GROWS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }
const CHOOSES = { Enter: true }
const DROPS = { Escape: true }
const ARM = 9

// A click and a lasso without a mouse. What can be focused lies over the figure and takes no pointer: arrows move a cross,
// Enter chooses the point nearest to it. Where a lasso may be drawn, Shift and an arrow size a circle around the cross,
// Enter selects what it holds, with Shift besides what is selected already, and Escape drops it.
export class Keys {
  constructor(figure) {
    this.figure = figure
    this.radius = 0
    this.node = element("div", "live-figure-keys", null, { role: "application", tabindex: 0, hidden: "" })
    figure.stage.prepend(this.node) // before plotly's buttons
    this.circle = shape("circle", "live-figure-lasso", figure.overlay, { visibility: "hidden" })
    this.cross = shape("path", "live-figure-cross", figure.overlay, { visibility: "hidden" })
    this.said = element("div", "live-figure-said", figure.stage, { role: "status", hidden: "" })
    this.node.onfocus = () => this.enter()
    this.node.onblur = () => this.leave()
    this.node.onkeydown = (event) => this.onKey(event)
  }

  // The words of it; without them nothing can be chosen.
  set(words) {
    this.words = words
    this.node.hidden = !words
    if (words) this.node.setAttribute("aria-label", words.label)
  }

  enter() {
    this.place ??= this.middle()
    this.tell(this.words.help)
    this.draw()
  }

  leave() {
    clearTimeout(this.later)
    this.radius = 0
    this.said.hidden = true
    for (const node of [this.circle, this.cross]) node.setAttribute("visibility", "hidden")
    this.figure.hover.hide()
  }

  // Of the first map.
  middle() {
    const { points, stage } = this.figure
    const view = points.points.map((state) => points.viewOf(state)).find(Boolean)
    if (!view) return [stage.clientWidth / 2, stage.clientHeight / 2]
    return [view.left + view.width / 2, view.top + view.height / 2]
  }

  onKey(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || !this.act(event)) return
    event.preventDefault()
    event.stopPropagation()
  }

  act({ key, shiftKey }) {
    if (CHOOSES[key]) return this.choose(shiftKey)
    if (DROPS[key] && this.radius) return this.size(-this.radius)
    if (!(key in ARROWS)) return false
    return shiftKey && this.words.circle ? this.size(STEP * GROWS[key]) : this.move(ARROWS[key])
  }

  move([across, down]) {
    const { clientWidth, clientHeight } = this.figure.stage
    const within = (value, high) => Math.max(0, Math.min(high, value))
    const [x, y] = this.place
    this.place = [within(x + STEP * across, clientWidth), within(y + STEP * down, clientHeight)]
    return this.changed()
  }

  size(by) {
    this.radius = Math.max(0, this.radius + by)
    return this.changed()
  }

  changed() {
    this.draw()
    clearTimeout(this.later)
    this.later = setTimeout(() => this.tell(this.sentence()), REST)
    return true
  }

  sentence() {
    if (!this.radius) return this.point ? wordsOf(this.point).replaceAll("\n", ", ") : this.words.nothing
    const count = new Set(Object.values(this.inside()).flat()).size
    return filled(this.words.circle, () => count)
  }

  tell(words) {
    this.said.hidden = false
    this.said.textContent = words
  }

  // The point nearest to the cross is shown as one that is pointed at.
  draw() {
    const { hover, points } = this.figure
    const [x, y] = this.place
    this.point = points.nearest(x, y, Infinity)
    if (this.point && !this.radius) hover.show(this.point)
    else hover.hide()
    const arms = `M${x - ARM} ${y}H${x + ARM}M${x} ${y - ARM}V${y + ARM}`
    setAll(this.cross, { d: arms, visibility: "visible" })
    setAll(this.circle, { cx: x, cy: y, r: this.radius, visibility: this.radius ? "visible" : "hidden" })
  }

  choose(adds) {
    const { selection } = this.figure
    if (this.radius) {
      selection.take(this.inside(), adds)
      selection.dropOutline() // of a lasso before it
      this.radius = 0
      this.draw()
      clearTimeout(this.later)
      this.said.hidden = true // how many are selected is said by counted.js
    } else if (this.point) {
      selection.pick(this.point, adds)
      this.tell(filled(this.words.chosen, () => wordsOf(this.point).replaceAll("\n", ", ")))
    }
    return true
  }

  // What the circle holds, of the map in which its middle is.
  inside() {
    const [across, down] = this.place
    return this.figure.selection.within((state, { x, y, left, top, width, height }) => {
      const isHere = across >= left && across <= left + width && down >= top && down <= top + height
      return isHere && ((atX, atY) => Math.hypot(toPixel(x, atX) - across, toPixel(y, atY) - down) <= this.radius)
    })
  }

  close() {
    clearTimeout(this.later)
  }
}
