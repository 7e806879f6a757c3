const TYPES = {
  f8: Float64Array, f4: Float32Array, i4: Int32Array, i2: Int16Array, i1: Int8Array,
  u4: Uint32Array, u2: Uint16Array, u1: Uint8Array,
}

// Plotly's binary arrays {dtype, bdata, shape} as typed arrays, at any depth; all else is returned as it is.
export function decoded(value) {
  if (value === null || typeof value !== "object" || ArrayBuffer.isView(value)) return value
  if (Array.isArray(value)) return value.map(decoded)
  if (typeof value.bdata === "string") return fromBinary(value)
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, decoded(part)]))
}

function fromBinary({ dtype, bdata, shape }) {
  const letters = atob(bdata)
  const bytes = new Uint8Array(letters.length)
  for (let at = 0; at < letters.length; at += 1) bytes[at] = letters.charCodeAt(at)
  const array = new TYPES[dtype](bytes.buffer)
  const columns = shape ? Number(String(shape).split(",")[1] || 0) : 0
  if (!columns) return array
  return Array.from({ length: array.length / columns }, (_, row) => array.subarray(row * columns, (row + 1) * columns))
}

// The row of the ascending `stops` that is nearest to `value`; the lower one at a tie.
export function nearestRow(stops, value) {
  let low = 0
  let high = stops.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (stops[middle] < value) low = middle + 1
    else high = middle
  }
  return low > 0 && value - stops[low - 1] <= stops[low] - value ? low - 1 : low
}
