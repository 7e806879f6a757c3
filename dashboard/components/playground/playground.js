// A few points, a loss, and what it does to them: drag, look, let go.
import { Bar } from "./bar.js"
import { situationGiven, stepped } from "./descent.js"
import { element, filled, shown, wantsStillness } from "./dom.js"
import { hardness } from "./hardness.js"
import { Landscape } from "./landscape.js"
import { evaluated, LOSSES, situationOf } from "./losses.js"
import { Marks } from "./marks.js"
import { Panel } from "./panel.js"
import { arrowScale, drawScene, placeOf, rowPlace } from "./picture.js"
import { Projection } from "./projection.js"
import { History, isTriplet, renamed, rowsIn, stateOf, textsOf, withParts } from "./state.js"

const PANEL_PAUSE = 90 // milliseconds between two looks of the panel while something moves
const AT_REST = 1e-5 // of a step, below which nothing moves any more
const STILL_STEPS = 30
const DRAGGED_PARTS = ["weight", "proxies", "centres"]

export class Playground {
  constructor(parent, data, report) {
    Object.assign(this, { parent, data, report, history: new History(), projection: new Projection(), landscape: new Landscape() })
    Object.assign(this, { isPlaying: false, chosenKey: "", isDirty: true, frames: 0, still: 0, shownAt: 0, stamp: 0 })
    const root = (this.root = element("div", "playground", null))
    const left = element("div", "playground-left", root)
    this.stage = element("div", "playground-stage", left, { role: "group", "aria-label": data.alt })
    this.canvas = element("canvas", "playground-canvas", this.stage, { role: "img", "aria-label": data.alt })
    this.canvas.draws = 0
    this.context = this.canvas.getContext("2d")
    this.marks = new Marks(this.stage, this)
    this.listen()
    this.spoken = element("p", "playground-spoken", root, { "aria-live": "polite" })
    this.bar = new Bar(left, this, data.words)
    this.adopt(data)
    this.panel = new Panel(root, this)
    parent.replaceChildren(root)
    this.observer = new ResizeObserver(() => this.redraw())
    this.observer.observe(this.stage)
    if (data.plays && !wantsStillness()) this.play()
    this.redraw()
  }

  get kind() {
    return LOSSES[this.data.loss]
  }

  // A message from the server: another loss, another start, or a way back in the browser.
  update(data, report) {
    const { data: before } = this
    Object.assign(this, { data, report })
    const isOther = data.loss !== before.loss || JSON.stringify(data.start) !== JSON.stringify(before.start)
    const said = JSON.stringify(data.state)
    if (isOther || (said !== JSON.stringify(before.state) && said !== this.reported)) this.adopt(data, isOther)
    const isNew = isOther || JSON.stringify([data.parameters, data.hidden]) !== JSON.stringify([before.parameters, before.hidden])
    if (isNew) this.panel.build()
    this.redraw()
  }

  adopt(data, isOther = true) {
    this.isPlaying = false
    this.stage.tabIndex = data.state.space === "sphere" ? 0 : -1 // arrow keys turn it
    this.usual = { ...data.usual }
    this.state = stateOf(data.state, data.loss, this.usual)
    this.usual.step = this.usualStep()
    if (!data.state.values.includes("step-")) this.state.values.step = this.usual.step
    if (isOther) this.history.clear()
    this.reported = JSON.stringify(data.state)
    if (!this.rowOf(this.chosenKey)) this.chosenKey = `point.${isTriplet(this.state) ? 2 : 0}`
    this.measure()
    this.changed()
  }

  // Such that the point that is moved most goes 0.02 in the first step.
  usualStep() {
    const x = situationOf(situationGiven(this.state, this.data.loss))
    const most = evaluated(x).gradient.reduce((before, value) => Math.max(before, Math.abs(value)), 0)
    const wished = Math.min(1, Math.max(0.0005, 0.02 / (most || 1)))
    return Number(wished.toPrecision(1))
  }

  measure() {
    const x = situationOf(situationGiven(this.state, this.data.loss))
    this.scale = arrowScale(x, evaluated(x))
  }

  changed() {
    this.isDirty = true
    this.stamp += 1
    this.redraw()
  }

  redraw() {
    this.isDirty = true
    this.asked ??= requestAnimationFrame((now) => this.frame(now))
  }

  frame(now) {
    this.asked = null
    if (!this.root.isConnected) return
    if (this.isPlaying) this.move()
    const scene = (this.scene = this.sceneOf())
    if (!scene) return
    const { values } = this.state
    const isCounting = values.landscape && (this.landscape.work || this.landscape.stamp !== this.stamp)
    if (isCounting && this.landscape.tick(this.state, this.data.loss, this.movedRow(), this.projection, this.stamp)) this.isDirty = true
    if (this.isDirty) this.draw(scene)
    if (this.isPlaying || this.isDragged || !this.panelIsRight(now, scene) || (values.landscape && this.landscape.stamp !== this.stamp)) {
      this.asked = requestAnimationFrame((next) => this.frame(next))
    }
  }

  draw(scene) {
    this.isDirty = this.isPlaying
    this.context.setTransform(this.density, 0, 0, this.density, 0, 0)
    drawScene(this.context, scene)
    this.marks.draw(this.marksOf(scene))
    this.bar.draw(this)
    this.canvas.draws += 1
    this.isPanelOld = true
  }

  // The panel follows a few times a second: nobody reads faster, and its formula is laid out anew each time.
  panelIsRight(now, scene) {
    if (!this.isPanelOld) return true
    if ((this.isPlaying || this.isDragged) && now - this.shownAt < PANEL_PAUSE) return false
    Object.assign(this, { shownAt: now, isPanelOld: false })
    this.panel.draw(scene)
    this.speak(scene)
    return true
  }

  sceneOf() {
    const { clientWidth: width, clientHeight: height } = this.stage
    if (!width || !height) return null
    const { state, data, projection, scale } = this
    this.density = Math.min(devicePixelRatio || 1, 2)
    if (this.canvas.width !== Math.round(width * this.density) || this.canvas.height !== Math.round(height * this.density)) {
      Object.assign(this.canvas, { width: Math.round(width * this.density), height: Math.round(height * this.density) })
    }
    const x = situationOf(situationGiven(state, data.loss))
    const result = evaluated(x)
    projection.fit(width, height, state.space, state.points)
    const chosen = this.rowOf(this.chosenKey)?.row ?? 0
    const hard = hardness(x, state.values.anchors === "first" && !this.kind.rows ? [0] : null)
    const anchor = state.values.anchors === "first" ? 0 : chosen
    const positive = state.labels.findIndex((label, row) => row !== anchor && label === state.labels[anchor])
    const shows = { bands: state.values.bands && this.kind.hardnessMargin && !this.kind.rings && this.kind.compares === "distance", arrows: state.values.arrows }
    return { x, result, hard, state, projection, scale, chosen, anchor, positive, shows, colours: this.colours(), words: data.words, term: termOf(result, chosen), landscape: state.values.landscape ? this.landscape : null }
  }

  colours() {
    const style = getComputedStyle(this.root)
    const text = style.color.match(/\d+/g)?.map(Number) ?? [0, 0, 0]
    const colours = this.data.colours[text[0] + text[1] + text[2] > 380 ? "dark" : "light"]
    if (this.pull !== colours.positive) {
      this.pull = colours.positive
      this.root.style.setProperty("--pull", colours.positive)
      this.root.style.setProperty("--push", colours.negative)
    }
    return { ...colours, font: style.fontFamily }
  }

  // The point that the landscape is of: the chosen one, but of a triplet the negative while the anchor is chosen.
  movedRow() {
    const row = this.rowOf(this.chosenKey)?.row ?? 0
    return isTriplet(this.state) && row === 0 ? 2 : row
  }

  marksOf(scene) {
    const { state, data: { words } } = this
    const { x, colours } = scene
    const marks = state.labels.map((label, row) => ({
      key: `point.${row}`,
      shape: row === 0 && state.values.anchors === "first" && !this.kind.rows ? "anchor" : "point",
      name: this.nameOf(row),
      letter: state.names[row],
      colour: isTriplet(state) ? [colours.ink, colours.positive, colours.negative][row] : colours.classes[label % colours.classes.length],
      place: placeOf(scene, row),
    }))
    for (const name of DRAGGED_PARTS.filter((part) => part in state.parts)) {
      for (let row = 0; row < rowsIn(name, state); row += 1) {
        const letter = "ABCDEFGHIJKL"[row]
        marks.push({ key: `${name}.${row}`, shape: name, name: filled(words.part[name], { letter }), letter, colour: colours.classes[row % colours.classes.length], place: rowPlace(scene, name, row) })
      }
    }
    const boundary = x.kind.rings?.(x, scene.anchor).find(({ name }) => name === "boundary")
    if (boundary && "boundary" in state.parts && state.space !== "sphere") marks.push(this.boundaryMark(scene, boundary))
    return marks.map((mark) => ({ ...mark, isChosen: mark.key === this.chosenKey }))
  }

  boundaryMark({ x, anchor, projection, colours }, { radius, place }) {
    const plain = x.isSquared ? Math.sqrt(Math.max(0, radius)) : radius
    const [px, py] = projection.toStage([...x.points.subarray(anchor * x.size, (anchor + 1) * x.size)])
    const away = Math.atan2(projection.height / 2 - py, projection.width / 2 - px) // towards the middle, where there is room
    const reach = plain * projection.scale
    return { key: `boundary.${place}`, shape: "boundary", name: this.data.words.part.boundary, letter: "β", colour: colours.ink, place: [px + reach * Math.cos(away), py + reach * Math.sin(away), 1] }
  }

  nameOf(row) {
    const { words } = this.data
    if (isTriplet(this.state)) return [words.anchor, words.positive, words.negative][row]
    return filled(words.point, { name: this.state.names[row] })
  }

  rowOf(key) {
    const [name, row] = key.split(".")
    if (name === "point") return Number(row) < this.state.labels.length ? { name, row: Number(row) } : null
    return name in this.state.parts ? { name, row: Number(row) } : null
  }

  speak({ x, result, hard, projection }) {
    const found = this.rowOf(this.chosenKey)
    if (!found || found.name !== "point") return
    const { words } = this.data
    const point = [...x.points.subarray(found.row * x.size, (found.row + 1) * x.size)]
    const place = point.map((value) => shown(value)).join(", ")
    const kind = isTriplet(this.state) && hard.triplets.length ? words.kind[hard.triplets[0][3]] : ""
    const said = filled(words.spoken, { name: this.nameOf(found.row), place, loss: shown(result.objective, 3) }) + (kind ? ` ${kind}.` : "")
    this.marks.speak(this.chosenKey, said, point[0] ?? projection.zoom)
    if (!this.isPlaying && !this.isDragged && this.spokenOnce) this.spoken.textContent = said
    this.spokenOnce = true
  }

  // Gestures.
  choose(key) {
    if (this.chosenKey === key) return
    this.chosenKey = key
    this.landscape.forget()
    this.redraw()
  }

  grab(key) {
    this.wasPlaying = this.isPlaying
    this.isPlaying = false
    this.grabbed = this.state
    const found = this.rowOf(key)
    this.grabbedBehind = found?.name === "point" && placeOf(this.scene, found.row)[2] < 0
    this.isDragged = true
    this.redraw()
  }

  drag(key, px, py) {
    if (!this.isDragged) return
    if (this.grabbed) this.history.keep(this.grabbed) // a click alone is nothing to undo
    this.grabbed = null
    const { name, row } = this.rowOf(key)
    if (name === "boundary") return this.dragBoundary(row, px, py)
    this.place(name, row, this.projection.fromStage(px, py, this.grabbedBehind))
  }

  dragBoundary(row, px, py) {
    const { x, anchor, projection } = this.scene
    const [ax, ay] = placeOf({ x, projection }, anchor)
    const length = Math.hypot(px - ax, py - ay) / projection.scale
    this.setPart("boundary", row, [x.isSquared ? length ** 2 : length])
  }

  place(name, row, point) {
    if (name !== "point") return this.setPart(name, row, point)
    const points = Float64Array.from(this.state.points)
    const length = Math.hypot(...point) || 1
    points.set(this.state.space === "plane" ? point : point.map((value) => value / length), row * this.state.size)
    this.state = { ...this.state, points }
    this.changed()
  }

  setPart(name, row, values) {
    const part = Float64Array.from(this.state.parts[name])
    part.set(values, row * values.length)
    this.state = { ...this.state, parts: { ...this.state.parts, [name]: part } }
    this.changed()
  }

  release() {
    if (!this.isDragged) return
    this.isDragged = false
    if (this.wasPlaying) return this.play(false)
    this.settled()
  }

  nudge(key, right, up) {
    this.history.keep(this.state)
    const { name, row } = this.rowOf(key)
    const { state } = this
    if (name === "boundary") this.setPart(name, row, [Math.max(0, state.parts.boundary[row] + right + up)])
    else {
      const values = name === "point" ? state.points : state.parts[name]
      const point = [...values.subarray(row * state.size, (row + 1) * state.size)]
      const space = name === "point" || state.space === "sphere" ? state.space : "plane"
      this.place(name, row, this.projection.nudged(point, right, up, space))
    }
    this.settled()
  }

  setValue(name, value) {
    if (!this.isSetting) this.history.keep(this.state)
    this.isSetting = true
    const values = { ...this.state.values, [name]: value }
    this.state = renamed(withParts({ ...this.state, values }, this.data.loss))
    if (name === "boundary" && "boundary" in this.state.parts) this.state.parts = { boundary: this.state.parts.boundary.map(() => value) }
    if (name !== "step") this.landscape.forget()
    this.changed()
  }

  // After a gesture: arrows get the length that suits, and the server hears of it.
  settled() {
    this.isSetting = false
    this.measure()
    this.redraw()
    this.tell()
  }

  toggle() {
    this.isPlaying ? this.pause() : this.play()
  }

  play(isNew = true) {
    if (isNew) this.history.keep(this.state)
    Object.assign(this, { isPlaying: true, still: 0, frames: 0 })
    this.redraw()
  }

  pause() {
    this.isPlaying = false
    this.redraw()
    this.tell()
  }

  move() {
    const { frames, steps } = this.bar.pace
    this.frames += 1
    this.isDirty = true
    if (this.frames % frames) return
    for (let at = 0; at < steps && this.isPlaying; at += 1) {
      const { state, moved } = stepped(this.state, this.data.loss)
      this.state = state
      this.still = moved < AT_REST ? this.still + 1 : 0
      if (this.still > (moved ? STILL_STEPS : 2)) this.pause()
    }
    this.stamp += 1
  }

  step() {
    this.isPlaying = false
    this.history.keep(this.state)
    this.state = stepped(this.state, this.data.loss).state
    this.changed()
    this.tell()
  }

  reset() {
    this.isPlaying = false
    this.history.keep(this.state)
    this.state = stateOf(this.data.start, this.data.loss, this.usual)
    this.changed()
    this.settled()
  }

  undo() {
    if (!this.history.before.length) return
    this.isPlaying = false
    this.state = this.history.undo(this.state)
    this.changed()
    this.settled()
  }

  redo() {
    if (!this.history.after.length) return
    this.state = this.history.redo(this.state)
    this.changed()
    this.settled()
  }

  // The state as the address has it, the value, and how many triplets are hard, semi-hard and easy.
  tell() {
    const scene = this.sceneOf()
    const texts = textsOf(this.state, this.data.loss, this.usual)
    this.reported = JSON.stringify(texts)
    const { objective, active, count } = scene?.result ?? evaluated(situationOf(situationGiven(this.state, this.data.loss)))
    this.report("state", { loss: this.data.loss, ...texts, value: objective, active, count, hardness: scene?.hard.counts ?? {} })
  }

  listen() {
    const { stage } = this
    const turn = (dx, dy) => (this.projection.turn(dx, dy), this.landscape.forget(), this.redraw())
    stage.onpointerdown = (event) => this.state.space === "sphere" && stage.setPointerCapture(event.pointerId)
    stage.onpointermove = (event) => stage.hasPointerCapture(event.pointerId) && turn(event.movementX / 150, event.movementY / 150)
    stage.onkeydown = (event) => {
      const [dx, dy] = { ArrowRight: [0.1, 0], ArrowLeft: [-0.1, 0], ArrowUp: [0, -0.1], ArrowDown: [0, 0.1] }[event.key] ?? []
      if (dx === undefined || this.state.space !== "sphere") return
      event.preventDefault()
      turn(dx, dy)
    }
  }

  close() {
    this.isPlaying = false
    this.observer.disconnect()
    cancelAnimationFrame(this.asked)
  }
}

// The term that the formula shows: of the chosen point the largest, or the largest of all.
function termOf({ terms }, chosen) {
  const largest = (some) => some.reduce((best, term) => (!best || term.value > best.value ? term : best), null)
  return largest(terms.filter(({ row }) => row === chosen)) ?? largest(terms.filter(({ rows }) => rows.includes(chosen))) ?? largest(terms)
}
