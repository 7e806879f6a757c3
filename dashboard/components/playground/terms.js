// What all losses share: terms with their slopes become a mean with its slopes, and a term is told with its numbers.
import { zeros } from "./matrices.js"

// A term is { value, slopes: [[row, column, slope], ...] of the matrix, row, rows } with `row` the anchor that it
// belongs to and `rows` all that are in it. -> what training follows, with slopes of the matrix.
export function meanOf(x, terms, averages = "all") {
  const active = terms.filter(({ value }) => value > 0).length
  const divisor = Math.max(averages === "active" ? active : terms.length, 1)
  const result = resultOf(x, terms, divisor)
  for (const { slopes } of terms) {
    for (const [row, column, slope] of slopes) result.matrix[row * x.across + column] += slope / divisor
  }
  return result
}

// The same where slopes stand in the matrix already, or go elsewhere.
export function resultOf(x, terms, divisor) {
  const total = terms.reduce((before, { value }) => before + value, 0)
  return {
    objective: total / divisor,
    total,
    count: terms.length,
    active: terms.filter(({ value }) => value > 0).length,
    divisor,
    terms,
    matrix: zeros(x.count * x.across),
    plus(other) {
      for (const name of ["objective", "total", "count", "active"]) this[name] += other[name]
      this.terms = [...this.terms, ...other.terms]
      this.matrix = this.matrix.map((slope, at) => slope + other.matrix[at])
      return this
    },
  }
}

// The places [row, column] that a mask (N x N) takes, row by row.
export function pairsOf(mask, count) {
  const found = []
  for (let at = 0; at < mask.length; at += 1) if (mask[at]) found.push([Math.floor(at / count), at % count])
  return found
}

export function takenOf(mask, row, count) {
  const found = []
  for (let column = 0; column < count; column += 1) if (mask[row * count + column]) found.push(column)
  return found
}

// Numbers of a formula: what pulls and what pushes have the colours of positive and negative pairs.
const fixed = (value) => (Math.abs(value) >= 1000 ? value.toExponential(1) : value.toFixed(2)).replace("-", "−")
export const told = {
  number: (value) => (value && Math.abs(value) < 0.01 ? String(Number(value.toPrecision(1))).replace("-", "−") : fixed(Math.round(value * 1e4) / 1e4)),
  pull: (value) => `\\pull{${fixed(value)}}`,
  push: (value) => `\\push{${fixed(value)}}`,
  value: (value) => `\\value{${Math.abs(value) >= 1000 ? fixed(value) : value.toFixed(3)}}`,
}

// At most three of a sum's addends; then how many more there are.
export function addends(texts) {
  const shown = texts.slice(0, 3)
  return texts.length > 3 ? `${shown.join(" + ")} + \\dots` : shown.join(" + ")
}

// What a formula calls a point: a, p and n where there are only three, else its class and its number there.
export function nameOf(x, row) {
  return x.names[row]
}
