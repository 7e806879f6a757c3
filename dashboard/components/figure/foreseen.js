// Where plotly will put the axes of a figure that leaves it no choice: one pair of unseen, linear axes with ranges, in
// margins that are given. Our points stand there while plotly is loading, and stay where they are when it comes.
// Returned in the form that axes.js reads from plotly's node; null for all other figures.
export function foreseen({ data, layout = {} }, width, height) {
  const { xaxis, yaxis, margin = {}, showlegend } = layout
  const margins = ["l", "r", "t", "b"].map((side) => margin[side])
  if (!isUnseen(xaxis) || !isUnseen(yaxis) || showlegend !== false || !margins.every(Number.isFinite)) return null
  if (layout.title || layout.coloraxis || !data.every(isPlain)) return null
  const [left, right, top, bottom] = margins
  const x = { id: "x", offset: left, length: width - left - right, range: xaxis.range }
  const y = { id: "y", offset: top, length: height - top - bottom, range: yaxis.range }
  if (xaxis.scaleanchor === "y" || yaxis.scaleanchor === "x") widen(x, y)
  const shown = data.map(({ visible = true }) => ({ visible }))
  return { _fullData: shown, _fullLayout: { xaxis: likePlotly(x), yaxis: likePlotly(y), _plots: {} } }
}

// What an axis may say; anything else may move it.
const KNOWN = new Set(["visible", "range", "scaleanchor", "showgrid", "zeroline"])

const isUnseen = (axis) =>
  axis?.visible === false && axis.range?.every(Number.isFinite) && Object.keys(axis).every((name) => KNOWN.has(name))

const isPlain = ({ type = "scatter", xaxis = "x", yaxis = "y", marker = {} }) =>
  type.startsWith("scatter") && xaxis === "x" && yaxis === "y" && !marker.showscale && !marker.coloraxis

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
