import { lastWord, listen, tell } from "./groups.js"

const STILL = 4

// Click on a point, or a lasso around several; ids by trace name go to Python on release and to the figures of the group.
export class Selection {
  constructor(figure) {
    this.figure = figure
    this.leave = listen(() => figure.data?.group, this, "selection", (ids) => figure.points.keep(ids))
    this.onUp = (event) => this.up(event)
    figure.stage.addEventListener("pointerdown", (event) => this.press(event), true)
  }

  set(mode) {
    if (this.mode === undefined) this.figure.points.keep(lastWord(this.figure.data.group, "selection") ?? null)
    this.mode = mode
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
    if (this.mode && onAxes && !event.button) window.addEventListener("pointerup", this.onUp, { capture: true, once: true })
  }

  up(event) {
    if (Math.hypot(event.clientX - this.down.clientX, event.clientY - this.down.clientY) > STILL) return
    const point = this.figure.hover.pointAt(event)
    if (point) this.select({ [point.state.trace.name ?? ""]: [point.state.id(point.row)] })
    else this.select({})
  }

  lassoed({ lassoPoints, range }) {
    const found = {}
    for (const state of this.figure.points.points) {
      const [xId, yId] = [state.trace.xaxis ?? "x", state.trace.yaxis ?? "y"]
      const inside = insideOf(lassoPoints, range, xId, yId)
      if (!inside || !this.figure.points.viewOf(state)) continue
      const rows = [...state.x.keys()].filter((row) => inside(state.x[row], state.y[row]))
      if (rows.length) found[state.trace.name ?? ""] = rows.map((row) => state.id(row))
    }
    this.select(found)
  }

  select(found) {
    const text = JSON.stringify(found)
    if (text === (this.text ?? "{}")) return
    this.text = text
    const ids = new Set(Object.values(found).flat())
    const kept = ids.size ? ids : null
    this.figure.points.keep(kept)
    tell(this.figure.data.group, this, "selection", kept)
    this.figure.report("selected", found)
  }

  close() {
    window.removeEventListener("pointerup", this.onUp, true)
    this.leave()
  }
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
