// What points are compared by, as matrices row by row, and the way back from slopes of a matrix to those of points.
// Points lie in one Float64Array, `size` numbers each. Where two points coincide their distance has the slope 0.
const LEAST = 1e-12 // a length below it counts as this much, as in torch's normalize

export const zeros = (length) => new Float64Array(length)

export function dot(first, i, second, j, size) {
  let total = 0
  for (let k = 0; k < size; k += 1) total += first[i * size + k] * second[j * size + k]
  return total
}

export function lengthsOf(points, size) {
  return Float64Array.from({ length: points.length / size }, (_, i) => Math.sqrt(dot(points, i, points, i, size)))
}

// Every point divided by its length. Core knows two ways with the point 0: an encoder leaves it as it is (least = 0), a
// loss of cosines divides it by a tiny number.
export function unitRows(points, size, least = LEAST) {
  const lengths = lengthsOf(points, size)
  const divisors = lengths.map((length) => (least ? Math.max(length, least) : length || 1))
  return { rows: points.map((value, at) => value / divisors[Math.floor(at / size)]), lengths, divisors, least }
}

// Slopes of unit rows -> slopes of the points that they come from, added to `into`.
export function unitRowsBack(unit, slopes, size, into) {
  for (let i = 0; i < unit.lengths.length; i += 1) {
    const along = unit.lengths[i] > unit.least ? dot(slopes, i, unit.rows, i, size) : 0
    for (let k = i * size; k < (i + 1) * size; k += 1) into[k] += (slopes[k] - along * unit.rows[k]) / unit.divisors[i]
  }
}

// The Euclidean distances (N x N).
export function distancesOf(points, size) {
  const count = points.length / size
  const matrix = zeros(count * count)
  for (let i = 0; i < count; i += 1) {
    for (let j = i + 1; j < count; j += 1) {
      let squares = 0
      for (let k = 0; k < size; k += 1) squares += (points[i * size + k] - points[j * size + k]) ** 2
      matrix[i * count + j] = matrix[j * count + i] = Math.sqrt(squares)
    }
  }
  return matrix
}

export function distancesBack(points, matrix, slopes, size, into) {
  const count = points.length / size
  for (let i = 0; i < count; i += 1) {
    for (let j = i + 1; j < count; j += 1) {
      const [distance, slope] = [matrix[i * count + j], slopes[i * count + j] + slopes[j * count + i]]
      if (!distance || !slope) continue
      for (let k = 0; k < size; k += 1) {
        const pull = (slope * (points[i * size + k] - points[j * size + k])) / distance
        into[i * size + k] += pull
        into[j * size + k] -= pull
      }
    }
  }
}

// Products of points with rows (N x C); with the points themselves (N x N).
export function productsOf(points, rows, size) {
  const [count, across] = [points.length / size, rows.length / size]
  return Float64Array.from({ length: count * across }, (_, at) => dot(points, Math.floor(at / across), rows, at % across, size))
}

export function productsBack(points, rows, slopes, size, intoPoints, intoRows) {
  const across = rows.length / size
  for (let at = 0; at < slopes.length; at += 1) {
    if (!slopes[at]) continue
    const [i, c] = [Math.floor(at / across) * size, (at % across) * size]
    for (let k = 0; k < size; k += 1) {
      intoPoints[i + k] += slopes[at] * rows[c + k]
      intoRows[c + k] += slopes[at] * points[i + k]
    }
  }
}
