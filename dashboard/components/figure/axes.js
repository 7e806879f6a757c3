// Where plotly's axes put values. Ranges are read from `range` and not from plotly's own transforms,
// because those lag behind while the reader pans.

export function axisOf(gd, id) {
  return gd._fullLayout?.[`${id[0]}axis${id.slice(1)}`]
}

export function pairOf(subplot) {
  const [, x, y] = subplot.match(/^(x\d*)(y\d*)$/) ?? [null, "x", "y"]
  return [x, y]
}

// The reader's zoom outlasts a change of the ranges that the page asks for. Plotly keeps it only where these stay the
// same, and notes under _preGUI what they were before the reader changed them: asked for again, they yield to the zoom.
export function keepZoom(gd, layout) {
  for (const [name, before] of Object.entries(gd._fullLayout?._preGUI ?? {})) {
    const [, axis, end] = name.match(/^([xy]axis\d*)\.range\[([01])\]$/) ?? []
    const zoomed = axis && typeof before === "number" && gd._fullLayout[axis]?.range[end] !== before
    if (zoomed && layout[axis]?.range) layout[axis].range[end] = before
  }
}

// pixel = scale * l + shift, where l is the value or its logarithm; null where the axis is not drawn.
export function lineOf(axis) {
  if (!axis?._length || !axis.range) return null
  const [first, last] = axis.range.map((end) => axis.r2l(end))
  const down = axis._id[0] === "y"
  const scale = ((down ? -1 : 1) * axis._length) / (last - first)
  const start = axis._offset + (down ? axis._length : 0)
  return { scale, shift: start - scale * first, linear: axis.type === "linear", axis }
}

export const toPixel = (line, value) => line.scale * (line.linear ? value : line.axis.d2l(value)) + line.shift

export function toValue(line, pixel) {
  const place = (pixel - line.shift) / line.scale
  return line.linear ? place : line.axis.l2d(place)
}

// The rectangle and both axes of a subplot, in pixels of the stage.
export function viewOf(gd, xId, yId) {
  const x = lineOf(axisOf(gd, xId))
  const y = lineOf(axisOf(gd, yId))
  if (!x || !y) return null
  return { x, y, left: x.axis._offset, top: y.axis._offset, width: x.axis._length, height: y.axis._length }
}

// Both ends, in pixels, of the line a handle stands for: x = value, y = value or y = x + value; null out of sight.
export function endsOf({ x, y, left, top, width, height }, axis, value) {
  const inside = (at, start, length) => at >= start - 0.5 && at <= start + length + 0.5
  if (axis === "x") {
    const across = toPixel(x, value)
    return inside(across, left, width) ? [across, top + height, across, top] : null
  }
  if (axis === "y") {
    const down = toPixel(y, value)
    return inside(down, top, height) ? [left, down, left + width, down] : null
  }
  const from = Math.max(toValue(x, left), toValue(y, top + height) - value)
  const to = Math.min(toValue(x, left + width), toValue(y, top) - value)
  return from < to ? [from, to].flatMap((at) => [toPixel(x, at), toPixel(y, at + value)]) : null
}
