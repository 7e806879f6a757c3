import { nearestRow } from "./arrays.js"
import { axisOf, endsOf, lineOf, pairOf, toPixel, toValue, viewOf } from "./axes.js"
import { element, setAll, shape, tellPage } from "./dom.js"
import { filled, formatted } from "./format.js"

// A line to drag, and what is looked up where it stands.
export class Handle {
  constructor(handles, described) {
    Object.assign(this, { handles, figure: handles.figure, echoes: new Set(), dots: [] })
    this.draw()
    this.describe(described)
  }

  draw() {
    const { overlay } = this.figure
    this.group = shape("g", "live-figure-handle", overlay, { role: "slider", tabindex: 0 })
    this.target = shape("line", "live-figure-target", this.group)
    this.line = shape("line", "live-figure-line", this.group)
    this.grip = shape("circle", "live-figure-grip", this.group, { r: 8 })
    this.group.onpointerdown = (event) => this.press(event)
    this.group.onpointermove = (event) => this.pressed && this.follow(event)
    this.group.onpointerup = this.group.onpointercancel = () => this.release()
    this.group.onkeydown = (event) => this.onKey(event)
    this.group.onkeyup = () => this.keyed && this.release()
  }

  // A new description from Python. Its value counts when it is neither the last one it sent nor one we reported to it.
  describe(described) {
    const told = described.value
    const first = this.described === undefined
    const moved = told !== this.told && !this.echoes.has(told)
    if (moved) this.echoes.clear()
    this.described = described
    this.told = told
    this.group.style.display = described.axis ? "" : "none"
    if (described.colour) this.group.style.setProperty("--colour", described.colour)
    setAll(this.group, { "aria-label": described.label || described.name, "aria-orientation": described.axis === "y" ? "vertical" : "horizontal" })
    this.drawFooter()
    if (this.awaiting && this.value === told) this.awaits(false)
    this.stand(first || (moved && !this.pressed) ? told : this.value)
    if (!first) this.apply()
  }

  drawFooter() {
    const { readouts, sentence } = this.described
    if (!readouts.length && !sentence) return
    this.row ??= element("div", "live-figure-readouts", this.handles.footer)
    this.row.replaceChildren()
    this.numbers = readouts.map(({ label }) => {
      const box = element("div", "live-figure-readout", this.row)
      element("span", "live-figure-readout-label", box).textContent = label
      return element("span", "live-figure-readout-value", box)
    })
    this.words = sentence ? element("p", "live-figure-sentence", this.row) : null
  }

  stand(value) {
    const { stops } = this.described
    this.stop = stops.length ? nearestRow(stops, value) : 0
    this.value = stops.length ? stops[this.stop] : value
  }

  // Go where the handle of the same name went in another figure.
  move(value) {
    this.stand(value)
    this.apply()
  }

  // Everything that depends on where the handle stands.
  apply() {
    const { readouts, sentence, words, format, recolours } = this.described
    readouts.forEach(({ values, format: own }, k) => {
      this.numbers[k].textContent = formatted(values[this.stop], own)
    })
    const look = (name) => (name === "value" ? this.value : words[name]?.[this.stop] ?? NaN)
    if (this.words) this.words.textContent = filled(sentence, look)
    const said = readouts.map(({ label }, k) => `${label} ${this.numbers[k].textContent}`)
    setAll(this.group, { "aria-valuenow": this.value, "aria-valuetext": [formatted(this.value, format), ...said].join(", ") })
    recolours.forEach((one) => this.recolour(one))
    this.place()
  }

  recolour({ trace, by, cuts, colours, symbols }) {
    const limits = cuts.map((cut) => (cut === "handle" ? this.value : cut))
    const bins = Uint8Array.from(by, (value) => limits.reduce((bin, limit) => bin + (value >= limit), 0))
    this.figure.points.recolour(trace, bins, colours, symbols)
  }

  place() {
    const { axis, subplot } = this.described
    const view = viewOf(this.figure.plot, ...pairOf(subplot))
    const ends = view && axis ? endsOf(view, axis, this.value) : null
    this.group.style.visibility = ends ? "" : "hidden"
    if (ends) {
      const [x1, y1, x2, y2] = ends
      setAll(this.line, { x1, y1, x2, y2 })
      setAll(this.target, { x1, y1, x2, y2 })
      const part = axis === "x" ? 0.92 : 0.9
      setAll(this.grip, { cx: x1 + (x2 - x1) * part, cy: y1 + (y2 - y1) * part })
    }
    this.placeFollowers()
  }

  placeFollowers() {
    const { followers } = this.described
    while (this.dots.length < followers.length) this.dots.push(shape("circle", "live-figure-follower", this.figure.overlay))
    while (this.dots.length > followers.length) this.dots.pop().remove()
    followers.forEach(({ trace: name, x, y }, k) => {
      const trace = this.handles.traces?.find((one) => one.name === name)
      const view = trace && viewOf(this.figure.plot, trace.xaxis ?? "x", trace.yaxis ?? "y")
      const [cx, cy] = view ? [toPixel(view.x, x[this.stop]), toPixel(view.y, y[this.stop])] : [NaN, NaN]
      const seen = Number.isFinite(cx) && Number.isFinite(cy)
      this.dots[k].style.display = seen ? "" : "none"
      if (seen) setAll(this.dots[k], { cx, cy, r: (trace.marker?.size ?? 12) / 2, fill: trace.marker?.color ?? "currentColor" })
    })
  }

  press(event) {
    event.preventDefault()
    event.stopPropagation()
    this.group.setPointerCapture(event.pointerId)
    this.group.focus({ preventScroll: true })
    this.pressed = true
    this.figure.root.classList.add("live-figure-dragging")
  }

  follow(event) {
    this.pointer = [event.clientX, event.clientY]
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0
      this.drag()
    })
  }

  drag() {
    const box = this.figure.stage.getBoundingClientRect()
    const { axis, subplot } = this.described
    const view = viewOf(this.figure.plot, ...pairOf(subplot))
    if (!view) return
    const clamp = (at, start, length) => Math.max(start, Math.min(start + length, at))
    const x = toValue(view.x, clamp(this.pointer[0] - box.left, view.left, view.width))
    const y = toValue(view.y, clamp(this.pointer[1] - box.top, view.top, view.height))
    this.change(axis === "x" ? x : axis === "y" ? y : y - x)
  }

  change(value) {
    const before = this.value
    this.stand(value)
    if (this.value === before) return
    this.changed = true
    this.awaits(true)
    this.apply()
    this.handles.dragged(this)
  }

  // Until Python says what it has to say of this place: see the style sheet.
  awaits(on) {
    this.awaiting = on
    this.figure.root.classList.toggle("live-figure-awaiting", on)
    tellPage()
  }

  release() {
    if (this.frame) {
      cancelAnimationFrame(this.frame)
      this.frame = 0
      this.drag()
    }
    this.pressed = this.keyed = false
    this.figure.root.classList.remove("live-figure-dragging")
    if (!this.changed) return
    this.changed = false
    this.echoes.add(this.value)
    this.handles.released()
  }

  onKey(event) {
    const steps = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 }
    const ends = { Home: -Infinity, End: Infinity }
    if (!(event.key in steps) && !(event.key in ends)) return
    event.preventDefault()
    this.keyed = true
    this.change(this.keyValue(steps[event.key] ?? ends[event.key]))
  }

  // One stop, or one hundredth of the axis where there are none.
  keyValue(steps) {
    const { stops, axis, subplot } = this.described
    if (stops.length) return stops[Math.max(0, Math.min(stops.length - 1, this.stop + steps))]
    const line = lineOf(axisOf(this.figure.plot, pairOf(subplot)[axis === "x" ? 0 : 1]))
    const [low, high] = line.axis.range.map((end) => line.axis.r2l(end)).sort((a, b) => a - b)
    return Math.max(low, Math.min(high, this.value + (steps * (high - low)) / 100))
  }

  close() {
    cancelAnimationFrame(this.frame)
    this.group.remove()
    this.row?.remove()
    this.dots.forEach((dot) => dot.remove())
  }
}
