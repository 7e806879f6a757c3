import { isPoints } from "./compose.js"

// Where plotly will put the axes of a figure's points if it is left no choice: unseen, linear axes with ranges, in margins
// that are given and that no other axis widens. Our points stand there while plotly is loading or drawing, and stay where
// they are when it is done. Returned in the form that axes.js reads from plotly's node; null for all other figures.
export function foreseen({ data, layout = {} }, width, height) {
  const { margin = {}, showlegend, title, coloraxis } = layout
  const margins = ["l", "r", "t", "b"].map((side) => margin[side])
  if (showlegend !== false || title || coloraxis || !margins.every(Number.isFinite) || !data.every(isPlain)) return null
  const subplots = new Set(data.filter(isPoints).map(({ xaxis = "x", yaxis = "y" }) => `${xaxis} ${yaxis}`))
  const pairs = [...subplots].map((subplot) => subplot.split(" "))
  const own = new Set(pairs.flat().map(nameOf))
  const others = Object.keys(layout).filter((name) => AXIS.test(name) && !own.has(name))
  if (!own.size || ![...own].every((name) => isUnseen(layout[name]))) return null
  if (others.some((name) => layout[name].automargin !== false)) return null
  const axes = pairs.flatMap((pair) => placed(pair, layout, margins, width, height))
  const shown = data.map(({ visible = true }) => ({ visible }))
  return { _fullData: shown, _fullLayout: { ...Object.fromEntries(axes), _plots: {} } }
}

const AXIS = /^[xy]axis\d*$/
const nameOf = (id) => `${id[0]}axis${id.slice(1)}`

// What an unseen axis may say; anything else may move it.
const KNOWN = new Set(["visible", "range", "scaleanchor", "showgrid", "zeroline", "anchor", "domain", "automargin"])

const isUnseen = (axis) =>
  axis?.visible === false && axis.range?.every(Number.isFinite) && Object.keys(axis).every((name) => KNOWN.has(name))

const isPlain = ({ type = "scatter", marker = {} }) => type.startsWith("scatter") && !marker.showscale && !marker.coloraxis

// Both axes of a subplot by their names; domains are shares of the room within the margins.
function placed([xId, yId], layout, [left, right, top, bottom], width, height) {
  const [xaxis, yaxis] = [layout[nameOf(xId)], layout[nameOf(yId)]]
  const [[from, to], [low, high]] = [xaxis, yaxis].map(({ domain = [0, 1] }) => domain)
  const [across, down] = [width - left - right, height - top - bottom]
  const x = { id: xId, offset: left + from * across, length: (to - from) * across, range: xaxis.range }
  const y = { id: yId, offset: top + (1 - high) * down, length: (high - low) * down, range: yaxis.range }
  if (xaxis.scaleanchor === yId || yaxis.scaleanchor === xId) widen(x, y)
  return [x, y].map((axis) => [nameOf(axis.id), likePlotly(axis)])
}

// One scale on both axes: the one with more pixels a unit shows more, to both sides alike, as plotly has it.
function widen(x, y) {
  const scales = [x, y].map(({ length, range: [from, to] }) => length / Math.abs(to - from))
  for (const [row, axis] of [x, y].entries()) {
    const factor = scales[row] / Math.min(...scales)
    const middle = (axis.range[0] + axis.range[1]) / 2
    axis.range = axis.range.map((end) => middle + (end - middle) * factor)
  }
}

const same = (value) => value

const likePlotly = ({ id, offset, length, range }) =>
  ({ _id: id, _offset: offset, _length: length, range, type: "linear", r2l: same, d2l: same, l2d: same })
