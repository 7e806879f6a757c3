const isList = (value) => Array.isArray(value) || ArrayBuffer.isView(value)

// One colour, or a function from a point's row to its colour: names as they are, numbers through the colour scale.
export function colourAt(marker, fallback) {
  const colour = marker.color ?? fallback
  if (!isList(colour)) return () => colour
  if (typeof colour[0] !== "number") return (row) => colour[row]
  const scale = isList(marker.colorscale) ? marker.colorscale : [[0, "#440154"], [0.5, "#21918c"], [1, "#fde725"]]
  let [low, high] = [marker.cmin, marker.cmax]
  if (low === undefined || high === undefined) [low, high] = ends(colour)
  // 256 steps, so that a smooth scale costs 256 stamps and not one a point.
  const table = Array.from({ length: 256 }, (_, step) => between(scale, step / 255))
  return (row) => {
    const share = high > low ? (colour[row] - low) / (high - low) : 0.5
    return table[Math.max(0, Math.min(255, Math.round(share * 255)))] ?? "rgba(128,128,128,0.5)"
  }
}

function ends(values) {
  const range = [Infinity, -Infinity]
  for (const value of values) {
    if (value < range[0]) range[0] = value
    if (value > range[1]) range[1] = value
  }
  return range
}

function between(scale, share) {
  let row = 0
  while (row < scale.length - 2 && scale[row + 1][0] < share) row += 1
  const [[from, first], [to, second]] = [scale[row], scale[row + 1]]
  const part = to > from ? (share - from) / (to - from) : 1
  const [a, b] = [channels(first), channels(second)]
  if (!a || !b) return part < 0.5 ? first : second
  return `rgb(${a.map((value, i) => Math.round(value + (b[i] - value) * part)).join(",")})`
}

function channels(colour) {
  const hex = colour.match(/^#([0-9a-f]{6})$/i)
  if (hex) return [0, 2, 4].map((at) => parseInt(hex[1].slice(at, at + 2), 16))
  const rgb = colour.match(/^rgba?\(([^)]+)\)$/)
  return rgb ? rgb[1].split(",").slice(0, 3).map(Number) : null
}
