import { viewOf, toPixel } from "./axes.js"
import { colourAt } from "./colours.js"
import { wantsStillness } from "./dom.js"
import { drawGrid } from "./grid.js"
import { Sheet } from "./sheet.js"
import { stampOf } from "./symbols.js"
import { drawWords } from "./words.js"

const ease = (t) => (t < 0.5 ? 4 * t * t * t : 1 - (2 - 2 * t) ** 3 / 2)
const startAtOnce = (t) => 1 - (1 - t) ** 3 // the first glide of a figure that plays by itself
const HALF_A_FRAME = 1000 / 60 / 2 // milliseconds before a frame is due, at which it is asked for
const isWords = ({ trace }) => trace.mode === "text"
const isList = (value) => Array.isArray(value) || ArrayBuffer.isView(value)
const entry = (value, row, otherwise) => (isList(value) ? value[row] : value) ?? otherwise

// The points and the words of all `scattergl` traces of one figure, on one canvas behind plotly's axes.
export class Points {
  constructor(canvas, gd) {
    Object.assign(this, { canvas, gd, traces: [], kept: null, frame: 0, pause: 0, start: 0, duration: 0, drawn: 0, gap: 0 })
    this.sheet = new Sheet(canvas)
    canvas.draws = 0 // counted for tests
  }

  // What can be pointed at and chosen.
  get points() {
    return this.traces.filter((state) => !isWords(state))
  }

  // Show these traces; those whose number of points is unchanged glide from where they are seen now. Points that are
  // to stay, or are on their way already, are left alone: most messages of a live run are about something else.
  set(traces, seconds, colorway) {
    const before = new Map(this.traces.map((state) => [state.index, state]))
    const stay = seconds > 0 && traces.length === before.size && traces.every((one) => isThere(one, before.get(one.index)))
    this.traces = traces.map((trace) => stateOf(trace, before.get(trace.index), colorway, stay))
    if (stay) return traces.length && this.schedule()
    const glides = this.traces.some(({ fromX, targetX }) => fromX !== targetX)
    this.duration = wantsStillness() || !glides ? 0 : 1000 * seconds
    this.start = performance.now()
    if (this.duration) this.drawn = this.start // nothing has moved yet: the first picture is that of a gap later
    else this.traces.forEach((state) => settle(state, 1))
    this.schedule()
  }

  // Give each point of the named traces look number bins[row].
  recolour(name, bins, colours, symbols) {
    for (const state of this.traces.filter((one) => one.trace.name === name)) {
      const marker = state.trace.marker ?? {}
      state.look = null
      state.colour = (row) => colours[bins[row]] ?? colours.at(-1)
      state.symbol = (row) => symbols[bins[row]] ?? entry(marker.symbol, row, "circle")
      state.stamps = null
    }
    this.schedule()
  }

  // Dim every point whose id is not in the set; null shows all alike.
  keep(ids) {
    this.kept = ids
    this.schedule()
  }

  // Not before a gap is over: the browser puts the whole page together for each frame that is asked for, drawn or not.
  schedule() {
    if (this.frame || this.pause) return
    const rest = this.duration > 0 ? this.gap - (performance.now() - this.drawn) - HALF_A_FRAME : 0
    if (rest > 0) this.pause = setTimeout(() => this.ask(), rest)
    else this.ask()
  }

  ask() {
    this.pause = 0
    this.frame ||= requestAnimationFrame((now) => this.tick(now))
  }

  tick(now) {
    this.frame = 0
    const moving = this.duration > 0
    if (moving && now - this.drawn < this.gap) return this.schedule()
    this.drawn = now
    if (moving) {
      const t = Math.max(0, Math.min(1, (now - this.start) / this.duration))
      this.traces.forEach((state) => settle(state, (this.starts ? startAtOnce : ease)(t)))
      if (t === 1) this.duration = this.starts = 0
    }
    this.draw()
    if (this.duration) this.schedule()
  }

  draw() {
    this.canvas.draws += 1
    if (!this.traces.length && this.isBlank) return
    this.isBlank = !this.traces.length
    const ratio = window.devicePixelRatio || 1
    this.sheet.clear(ratio)
    for (const state of this.points) this.drawTrace(state, ratio)
    this.sheet.show()
    if (!this.traces.length) return
    for (const state of this.traces.filter(isWords)) this.drawWords(state, ratio)
    drawGrid(this.sheet.context, this.gd, ratio)
  }

  drawWords(state, ratio) {
    const view = this.viewOf(state)
    if (view) drawWords(this.sheet.context, state, view, ratio, getComputedStyle(this.canvas))
  }

  drawTrace(state, ratio) {
    const view = this.viewOf(state)
    if (!view) return
    if (!state.stamps || state.ratio !== ratio) stampAll(state, ratio)
    if (this.kept) stampPoints(this.sheet, state, view, ratio, 0.12 * state.opacity, (id) => !this.kept.has(id))
    stampPoints(this.sheet, state, view, ratio, state.opacity, this.kept ? (id) => this.kept.has(id) : null)
  }

  // Null for a trace that the reader has switched off in the legend.
  viewOf({ trace, index }) {
    if (this.gd._fullData?.[index]?.visible !== true) return null
    return viewOf(this.gd, trace.xaxis ?? "x", trace.yaxis ?? "y")
  }

  // The point nearest to a place on the stage, within `limit` pixels, or null.
  nearest(left, top, limit) {
    let best = null
    for (const state of this.points) {
      const view = this.viewOf(state)
      for (let row = 0; view && row < state.x.length; row += 1) {
        const x = toPixel(view.x, state.x[row])
        const y = toPixel(view.y, state.y[row])
        const distance = Math.hypot(x - left, y - top)
        if (distance <= (best?.distance ?? limit)) best = { state, row, x, y, distance }
      }
    }
    return best
  }

  // The points of the same id in the other maps of the figure, with their places on the stage.
  twinsOf({ state: { trace, id }, row }) {
    const place = trace.meta?.place
    if (place === undefined) return []
    const wanted = id(row)
    return this.points.flatMap((state) => {
      const { meta } = state.trace
      const twin = meta?.place === undefined || meta.place === place ? undefined : rowsOf(state).get(wanted)
      const view = twin === undefined ? null : this.viewOf(state)
      return view ? [{ x: toPixel(view.x, state.x[twin]), y: toPixel(view.y, state.y[twin]) }] : []
    })
  }
}

// The row of each id, found once for all frames, which leave the ids as they are.
const known = new WeakMap()

function rowsOf({ trace, x, id }) {
  const { customdata } = trace
  if (!customdata) return new Map([...x.keys()].map((row) => [row, row]))
  if (!known.has(customdata)) known.set(customdata, new Map([...x.keys()].map((row) => [id(row), row])))
  return known.get(customdata)
}

function stateOf(trace, before, colorway, stay) {
  const marker = trace.marker ?? {}
  const plain = colorway[trace.index % colorway.length]
  const look = { marker: trace.marker, plain }
  return {
    trace, index: trace.index, look, ...(stay ? placesOf(before) : places(trace, before)),
    colour: colourAt(marker, plain),
    symbol: (row) => entry(marker.symbol, row, "circle"),
    opacity: (trace.opacity ?? 1) * (isList(marker.opacity) ? 1 : marker.opacity ?? 1),
    id: (row) => idOf(trace, row),
    ...(looksAlike(before, look, trace) ? { stamps: before.stamps, ratio: before.ratio } : { stamps: null }),
  }
}

// With the share of the way, and the shifts of words before it (words.js).
const placesOf = ({ fromX, fromY, targetX, targetY, x, y, share, shiftBefore }) =>
  ({ fromX, fromY, targetX, targetY, x, y, share, shiftBefore })

function places(trace, before) {
  const targetX = new Float64Array(trace.x ?? [])
  const targetY = new Float64Array(trace.y ?? [])
  const glides = before?.x.length === targetX.length
  const fromX = glides ? before.x : targetX
  const fromY = glides ? before.y : targetY
  return { fromX, fromY, targetX, targetY, x: fromX.slice(), y: fromY.slice(), share: 0, shiftBefore: before?.shift }
}

// Frames and figures are decoded once, so the same places are the same array.
const isThere = (trace, before) => before && trace.x && trace.x === before.trace.x && trace.y === before.trace.y

// `look` is null once a handle has coloured the points.
function looksAlike(before, { marker, plain }, trace) {
  const same = before?.look && marker && before.look.marker === marker && before.look.plain === plain
  return same && before.x.length === (trace.x?.length ?? 0)
}

export function idOf(trace, row) {
  const data = trace.customdata?.[row]
  return isList(data) ? data[0] : data ?? row
}

function settle(state, share) {
  const { x, y, fromX, fromY, targetX, targetY } = state
  state.share = share
  for (let row = 0; row < x.length; row += 1) {
    x[row] = fromX[row] + (targetX[row] - fromX[row]) * share
    y[row] = fromY[row] + (targetY[row] - fromY[row]) * share
  }
}

function stampAll(state, ratio) {
  const marker = state.trace.marker ?? {}
  const line = { width: entry(marker.line?.width, 0, 0), color: entry(marker.line?.color, 0) }
  const size = (row) => entry(marker.size, row, 6)
  state.ratio = ratio
  state.stamps = Array.from(state.x, (_, row) => stampOf(state.symbol(row), state.colour(row), size(row), line, ratio))
}

function stampPoints(sheet, state, view, ratio, opacity, wanted) {
  const { x, y, stamps } = state
  const [left, top] = [Math.round(view.left * ratio), Math.round(view.top * ratio)]
  const [right, bottom] = [(view.left + view.width) * ratio, (view.top + view.height) * ratio].map(Math.round)
  const box = { left, top, right, bottom }
  for (let row = 0; row < x.length; row += 1) {
    if (wanted && !wanted(state.id(row))) continue
    const across = toPixel(view.x, x[row]) * ratio
    const down = toPixel(view.y, y[row]) * ratio
    if (across === across && down === down) sheet.stamp(stamps[row], across, down, opacity, box)
  }
}
