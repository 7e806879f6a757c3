import { decoded } from "./arrays.js"

const isObject = (value) => value && typeof value === "object" && !Array.isArray(value) && !ArrayBuffer.isView(value)

function merged(below, above) {
  const result = { ...below }
  for (const [name, value] of Object.entries(above)) {
    const both = isObject(value) && isObject(result[name]) && !("bdata" in value)
    result[name] = both ? merged(result[name], value) : value
  }
  return result
}

// The figure with one frame laid over it, as plotly's own animation would.
export function composed(base, frame) {
  if (!frame) return base
  const data = base.data.slice()
  ;(frame.data ?? []).forEach((part, row) => {
    const index = frame.traces?.[row] ?? row
    if (data[index]) data[index] = merged(data[index], part)
  })
  return { data, layout: frame.layout ? merged(base.layout, frame.layout) : base.layout }
}

// What our canvas draws: points and words.
export const isPoints = (trace) => trace.type === "scattergl" && (trace.mode === "markers" || trace.mode === "text")

// Numbers in the traces our canvas draws; plotly decodes its own.
export function withNumbers(figure) {
  const data = figure.data.map((trace) => (isPoints(trace) ? decoded(trace) : trace))
  return { ...figure, data }
}

// Frames outlive the figure they came with: a live run sends a new figure twice a second, and the old frames again.
const decodedFrames = new WeakMap()

export function frameWithNumbers(frame, base) {
  const kinds = base.data.map(isPoints).join()
  if (decodedFrames.get(frame)?.kinds !== kinds) decodedFrames.set(frame, { kinds, content: decodedFrame(frame, base) })
  return decodedFrames.get(frame).content
}

function decodedFrame(frame, base) {
  // A frame cannot change a trace's type; plotly's Python names "scatter" in each part that was written as a dictionary.
  const data = (frame.data ?? []).map(({ type, ...part }, row) => {
    const trace = base.data[frame.traces?.[row] ?? row]
    return trace && isPoints(trace) ? decoded(part) : part
  })
  return { ...frame, data }
}

// What plotly gets in place of points that we draw: an entry in the legend.
export function blanked(trace) {
  const { marker = {}, customdata, text, textfont, hovertemplate, ...rest } = trace
  const first = (value) => (Array.isArray(value) || ArrayBuffer.isView(value) ? value[0] : value)
  const numeric = typeof first(marker.color) === "number"
  const lone = { ...marker, size: first(marker.size), symbol: first(marker.symbol), opacity: first(marker.opacity) }
  lone.color = numeric ? [first(marker.color)] : first(marker.color)
  const named = trace.mode === "text" ? { showlegend: false } : {}
  return { ...rest, ...named, type: "scatter", mode: "markers", x: [null], y: [null], marker: lone, hoverinfo: "skip" }
}

// Unseen points at the corners of what our canvas draws, so that plotly's automatic ranges hold it, in all frames alike.
// None where the figure says both ranges: they would change, and plotly draw anew, with every frame of a live run.
export function corners(base, contents) {
  const boxes = new Map()
  const grow = (trace, x, y) => {
    const subplot = `${trace.xaxis ?? "x"}${trace.yaxis ?? "y"}`
    const box = boxes.get(subplot) ?? { trace, x: [Infinity, -Infinity], y: [Infinity, -Infinity] }
    boxes.set(subplot, box)
    stretch(box.x, x)
    stretch(box.y, y)
  }
  const ranged = (id) => base.layout?.[`${id[0]}axis${id.slice(1)}`]?.range
  const points = (trace) => trace && isPoints(trace) && !(ranged(trace.xaxis ?? "x") && ranged(trace.yaxis ?? "y"))
  base.data.forEach((trace) => points(trace) && grow(trace, trace.x, trace.y))
  for (const frame of contents) {
    frame.data.forEach((part, row) => {
      const trace = base.data[frame.traces?.[row] ?? row]
      if (points(trace)) grow(trace, part.x, part.y)
    })
  }
  return [...boxes.values()].map(({ trace, x, y }) => ({
    type: "scatter", mode: "markers", x, y, xaxis: trace.xaxis, yaxis: trace.yaxis,
    opacity: 0, showlegend: false, hoverinfo: "skip",
  }))
}

function stretch(range, values) {
  for (const value of values ?? []) {
    if (value < range[0]) range[0] = value
    if (value > range[1]) range[1] = value
  }
}
