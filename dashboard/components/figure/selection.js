import { toPixel } from "./axes.js"
import { Counted } from "./counted.js"
import { Finger } from "./finger.js"
import { lastWord, listen, tell } from "./groups.js"

const STILL = 4
const CLEARS = { Escape: true }
const ELSEWHERE = "input[type=text], textarea, [role=dialog], [role=listbox], [data-testid=stPopoverBody]" // has uses of its own for it
const ANSWERED = 1000 // milliseconds in which plotly says of a lasso what has been answered already

// Click on a point, or a lasso around several; ids by trace name go to Python on release and to the figures of the group.
// Where both are asked for, a click is told by itself and the lasso stays. How many points a lasso holds is said at once:
// plotly waits for a tenth of a second before it tells of one, so it is followed here, and plotly only draws it.
// What is only to be marked (mode "mark") is not told at all, and its outline goes once it has been drawn: the points
// move on, and the same ids are marked in all maps of the figure. With shift more are marked.
export class Selection {
  constructor(figure) {
    this.figure = figure
    this.leave = listen(() => figure.data?.group, this, "selection", (ids) => figure.points.keep(ids))
    this.finger = new Finger(figure)
    this.onUp = (event) => this.up(event)
    this.onMove = (event) => this.move(event)
    this.onCancel = () => this.leaveOff()
    this.counted = new Counted(figure, () => this.clear())
    this.onKey = (event) => CLEARS[event.key] && !event.defaultPrevented && !event.target.closest?.(ELSEWHERE) && this.clear()
    window.addEventListener("keydown", this.onKey)
    figure.stage.addEventListener("pointerdown", (event) => this.press(event), true)
  }

  set(mode) {
    this.finger.set(this.figure.data.lasso)
    if (this.mode === undefined) this.figure.points.keep(lastWord(this.figure.data.group, "selection") ?? null)
    this.mode = mode
  }

  // Other samples are not those that were marked; a map that is new shows them, too.
  refresh() {
    if (this.mode !== "mark") return
    const ids = String(this.figure.points.points.find(({ trace }) => trace.meta?.place !== undefined)?.trace.customdata)
    if (ids !== (this.ids ?? ids)) this.clear()
    this.ids = ids
    this.counted.show(new Set(Object.values(this.found ?? {}).flat()))
  }

  listen() {
    // Plotly also says "selected", without an outline, and "deselected" after a click, which `up` has answered already.
    this.figure.plot.on("plotly_selected", (event) => (event?.lassoPoints || event?.range) && this.lassoed(event))
    this.figure.plot.on("plotly_doubleclick", () => this.select({}))
  }

  // Plotly covers the page while a button is down, so the release is heard on the window.
  press(event) {
    this.down = event
    const onAxes = event.target.closest?.(".nsewdrag")
    if (!this.mode || !onAxes || event.button || (this.mode === "mark" && !this.isOnPoints(event))) return
    this.trail = [[event.clientX, event.clientY]]
    this.byFinger = this.finger.takes(event)
    window.addEventListener("pointermove", this.onMove, true)
    window.addEventListener("pointerup", this.onUp, { capture: true, once: true })
    window.addEventListener("pointercancel", this.onCancel, { capture: true, once: true })
  }

  // Not on what else the figure has beside its maps.
  isOnPoints({ clientX, clientY }) {
    const box = this.figure.stage.getBoundingClientRect()
    const [x, y] = [clientX - box.left, clientY - box.top]
    return this.figure.points.points.some((state) => {
      const view = this.figure.points.viewOf(state)
      return view && x >= view.left && x <= view.left + view.width && y >= view.top && y <= view.top + view.height
    })
  }

  move(event) {
    if (event.pointerId !== this.down.pointerId) return
    this.trail.push([event.clientX, event.clientY])
    if (this.byFinger) this.finger.draw(this.trail)
  }

  // The browser has made a scroll of it, or it is over.
  leaveOff() {
    window.removeEventListener("pointermove", this.onMove, true)
    window.removeEventListener("pointerup", this.onUp, true)
    window.removeEventListener("pointercancel", this.onCancel, true)
    this.finger.draw([])
  }

  up(event) {
    this.leaveOff()
    const { dragmode } = this.figure.plot._fullLayout ?? {}
    const isDrawn = this.byFinger || dragmode === "lasso" || dragmode === "select"
    if (dragmode === "select" && !this.byFinger) this.trail = boxOf(this.trail[0], this.trail.at(-1))
    const isOurs = isDrawn && !event.altKey && (!event.shiftKey || this.mode === "mark")
    this.adds = this.mode === "mark" && event.shiftKey
    if (isOurs && this.trail.some(([x, y]) => Math.hypot(x - this.down.clientX, y - this.down.clientY) > STILL)) return this.encircle()
    if (Math.hypot(event.clientX - this.down.clientX, event.clientY - this.down.clientY) > STILL) return
    const point = this.figure.hover.pointAt(event)
    if (point) this.pick(point, this.adds)
    else this.choose({})
  }

  // A point that was clicked, or chosen by keyboard.
  pick(point, adds) {
    if (this.mode === "both") this.click(point)
    else this.take({ [point.state.trace.name ?? ""]: [point.state.id(point.row)] }, adds)
  }

  // With `adds` besides what is selected already, where that is only marked.
  take(found, adds) {
    this.adds = adds && this.mode === "mark"
    this.choose(found)
  }

  // With a number of its own, so that the same point can be clicked twice.
  click({ state, row }) {
    this.clicks = (this.clicks ?? Date.now()) + 1
    this.figure.report("clicked", { trace: state.trace.name ?? "", id: state.id(row), number: this.clicks })
  }

  // By pixels, and within the axes, as plotly has it.
  encircle() {
    this.answered = performance.now()
    const box = this.figure.stage.getBoundingClientRect()
    const found = this.within((state, view) => {
      const clamped = (value, low, size) => Math.max(low, Math.min(low + size, value))
      const xs = this.trail.map(([x]) => clamped(x - box.left, view.left, view.width))
      const ys = this.trail.map(([, y]) => clamped(y - box.top, view.top, view.height))
      return (x, y) => inPolygon(xs, ys, toPixel(view.x, x), toPixel(view.y, y))
    })
    this.choose(found)
  }

  choose(found) {
    this.select(this.adds ? joined(this.found, found) : found)
  }

  lassoed({ lassoPoints, range }) {
    if (this.mode === "mark") return this.dropOutline() // `up` has answered it
    if (performance.now() - (this.answered ?? -ANSWERED) < ANSWERED) return
    this.select(this.within(({ trace }) => insideOf(lassoPoints, range, trace.xaxis ?? "x", trace.yaxis ?? "y")))
  }

  // The ids by trace name of the points that `insideFor` a trace and its view says are inside.
  within(insideFor) {
    const found = {}
    for (const state of this.figure.points.points) {
      const view = this.figure.points.viewOf(state)
      const inside = view && insideFor(state, view)
      if (!inside) continue
      const rows = [...state.x.keys()].filter((row) => inside(state.x[row], state.y[row]))
      const name = state.trace.name ?? "" // that of several maps, of which a lasso is in one
      if (rows.length) found[name] = [...(found[name] ?? []), ...rows.map((row) => state.id(row))]
    }
    return found
  }

  select(found) {
    const text = JSON.stringify(found)
    if (text === (this.text ?? "{}")) return
    Object.assign(this, { text, found })
    const ids = new Set(Object.values(found).flat())
    // One point is shown by who asked for it; the others are still what the map is for.
    const kept = ids.size && this.mode !== "point" ? ids : null
    this.counted.show(ids)
    this.figure.points.keep(kept)
    tell(this.figure.data.group, this, "selection", kept)
    if (this.mode !== "mark") this.figure.report("selected", found)
  }

  clear() {
    if ((this.text ?? "{}") === "{}") return
    this.select({})
    this.dropOutline()
  }

  // Plotly keeps it, and dims what of its own lies outside.
  dropOutline() {
    const { plot, plotly } = this.figure
    if (plot._fullLayout?.selections?.length) plotly.update(plot, { selectedpoints: null }, { selections: [] })
  }

  close() {
    this.leaveOff()
    window.removeEventListener("keydown", this.onKey)
    this.leave()
  }
}

const boxOf = ([left, top], [right, bottom]) => [[left, top], [right, top], [right, bottom], [left, bottom]]

// Ids by trace name of both.
function joined(before = {}, found) {
  const names = new Set([...Object.keys(before), ...Object.keys(found)])
  return Object.fromEntries([...names].map((name) => [name, [...new Set([...(before[name] ?? []), ...(found[name] ?? [])])]]))
}

function insideOf(lasso, range, xId, yId) {
  if (lasso?.[xId] && lasso[yId]) return (x, y) => inPolygon(lasso[xId], lasso[yId], x, y)
  if (!range?.[xId] || !range[yId]) return null
  const within = ([a, b], value) => value >= Math.min(a, b) && value <= Math.max(a, b)
  return (x, y) => within(range[xId], x) && within(range[yId], y)
}

// Even-odd rule: a ray to the right crosses the outline an odd number of times.
function inPolygon(xs, ys, x, y) {
  let inside = false
  for (let i = 0, j = xs.length - 1; i < xs.length; j = i, i += 1) {
    const crosses = ys[i] > y !== ys[j] > y
    if (crosses && x < ((xs[j] - xs[i]) * (y - ys[i])) / (ys[j] - ys[i]) + xs[i]) inside = !inside
  }
  return inside
}
