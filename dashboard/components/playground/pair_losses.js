// Losses of single pairs: of one class (positive) or of two (negative), with d the distance.
import { hinge } from "./numbers.js"
import { meanOf, nameOf, pairsOf, resultOf, told } from "./terms.js"

const LEAST = 1e-12 // of the mean distance, below which core learns nothing

// A pull beyond `low` for each positive pair, a push within `high` for each negative one, both of the anchor's row.
function hingeTerms(x, low, high, isSquared) {
  const term = (a, b, beyond, sign) => {
    const steep = beyond > 0 ? (isSquared ? beyond : 1) : 0
    const value = isSquared ? hinge(beyond) ** 2 / 2 : hinge(beyond)
    return { value, slopes: steep ? [[a, b, sign * steep]] : [], row: a, rows: [a, b], isPull: sign > 0 }
  }
  return [
    ...pairsOf(x.positive, x.count).map(([a, p]) => term(a, p, x.matrix[a * x.count + p] - low(a), 1)),
    ...pairsOf(x.negative, x.count).map(([a, n]) => term(a, n, high(a) - x.matrix[a * x.count + n], -1)),
  ]
}

// [d - positive margin]_+ and [margin - d]_+, or half their squares (core: contrastive.py).
function contrastiveTerms(x) {
  const { margin, positive_margin: inner, shape, mean_over: averages } = x.parameters
  return meanOf(x, hingeTerms(x, () => inner, () => margin, shape === "quadratic"), averages)
}

function contrastiveLine(x, { term, parameters }) {
  const [a, b] = term.rows
  const [distance, pair] = [x.matrix[a * x.count + b], `d_{${nameOf(x, a)}${nameOf(x, b)}}`]
  const [half, power] = parameters.shape === "quadratic" ? ["\\frac{1}{2} ", "^2"] : ["", ""]
  const shown = told.number
  const symbols = term.isPull ? (parameters.positive_margin ? `[${pair} - m_+]_+` : pair) : `[m - ${pair}]_+`
  const pull = parameters.positive_margin ? `[${told.pull(distance)} - ${shown(parameters.positive_margin)}]_+` : told.pull(distance)
  const numbers = term.isPull ? pull : `[${shown(parameters.margin)} - ${told.push(distance)}]_+`
  return [`\\ell = ${half}${symbols}${power}`, `= ${half}${numbers}${power}`, `= ${told.value(term.value)}`]
}

export const contrastive = {
  compares: "distance",
  evaluate: contrastiveTerms,
  line: contrastiveLine,
  rings: (x) => [{ radius: x.parameters.margin, name: "margin" }, { radius: x.parameters.positive_margin, name: "positive_margin" }],
}

// The boundary of an anchor, learned or not.
export function boundaryOf(x, row) {
  const { boundary, boundary_kind: kind } = x.parameters
  return kind === "fixed" ? boundary : x.learned.boundary[kind === "shared" ? 0 : x.labels[row]]
}

// [margin + d - beta]_+ and [margin + beta - d]_+ with beta of the anchor's class, over the pairs above zero; nu beta
// for every pair on top of the sum (core: margin_based.py).
function marginTerms(x) {
  const { margin, boundary_kind: kind, boundary_weight: weight } = x.parameters
  const beta = (row) => boundaryOf(x, row)
  const result = meanOf(x, hingeTerms(x, (row) => beta(row) - margin, (row) => beta(row) + margin, false), "active")
  result.learned = kind === "fixed" ? {} : { boundary: new Float64Array(x.learned.boundary.length) }
  for (const { row, value, isPull } of result.terms) {
    result.objective += (weight * beta(row)) / result.divisor
    if (kind === "fixed") continue
    const place = kind === "shared" ? 0 : x.labels[row]
    result.learned.boundary[place] += (weight + (value > 0 ? (isPull ? -1 : 1) : 0)) / result.divisor
  }
  return result
}

function marginLine(x, { term, parameters }) {
  const [a, b] = term.rows
  const [distance, pair] = [x.matrix[a * x.count + b], `d_{${nameOf(x, a)}${nameOf(x, b)}}`]
  const [alpha, beta] = [told.number(parameters.margin), told.number(boundaryOf(x, a))]
  const symbols = term.isPull ? `[\\alpha + ${pair} - \\beta]_+` : `[\\alpha + \\beta - ${pair}]_+`
  const numbers = term.isPull ? `[${alpha} + ${told.pull(distance)} - ${beta}]_+` : `[${alpha} + ${beta} - ${told.push(distance)}]_+`
  return [`\\ell = ${symbols}`, `= ${numbers}`, `= ${told.value(term.value)}`]
}

export const marginBased = {
  compares: "distance",
  hardnessMargin: ({ margin }) => 2 * margin,
  learned: (parameters, classes) =>
    parameters.boundary_kind === "fixed" ? {} : { boundary: Array(parameters.boundary_kind === "shared" ? 1 : classes).fill(parameters.boundary) },
  rates: ({ boundary_kind: kind, boundary_rate: rate }) => (kind === "fixed" ? {} : { boundary: rate }),
  evaluate: marginTerms,
  line: marginLine,
  rings(x, row) {
    const [beta, { margin }] = [boundaryOf(x, row), x.parameters]
    return [
      { radius: beta, name: "boundary", place: x.parameters.boundary_kind === "per class" ? x.labels[row] : 0 },
      { radius: beta - margin, name: "inside" },
      { radius: beta + margin, name: "outside" },
    ]
  },
}

// The mean squared distance of positive pairs over the square of the mean distance of negative pairs (core: mmc.py).
function mmcTerms(x) {
  const [similar, dissimilar] = [pairsOf(x.positive, x.count), pairsOf(x.negative, x.count)]
  if (!similar.length || !dissimilar.length) return resultOf(x, [], 1)
  const at = ([a, b]) => x.matrix[a * x.count + b]
  const mean = dissimilar.reduce((total, pair) => total + at(pair), 0) / dissimilar.length
  const divisor = Math.max(mean, LEAST)
  const terms = similar.map((pair) => ({ value: at(pair) ** 2 / divisor ** 2, slopes: [], row: pair[0], rows: pair, isPull: true }))
  const result = resultOf(x, terms, terms.length)
  for (const pair of similar) result.matrix[pair[0] * x.count + pair[1]] += (2 * at(pair)) / divisor ** 2 / similar.length
  const push = mean >= LEAST ? (-2 * result.objective) / divisor / dissimilar.length : 0
  for (const [a, n] of dissimilar) result.matrix[a * x.count + n] += push
  result.mean = mean
  return result
}

function mmcLine(x, { term, result }) {
  const [a, b] = term.rows
  const symbols = `\\ell = \\frac{d_{${nameOf(x, a)}${nameOf(x, b)}}^2}{\\bar{d}_-^2}`
  return [symbols, `= \\frac{${told.pull(x.matrix[a * x.count + b])}^2}{${told.push(result.mean)}^2}`, `= ${told.value(term.value)}`]
}

export const mmc = { compares: "distance", evaluate: mmcTerms, line: mmcLine }
