// Losses of triplets: an anchor a, a positive p of its class, a negative n of another, with d the distance.
import { hinge, sigmoid, softplus } from "./numbers.js"
import { meanOf, nameOf, pairsOf, told } from "./terms.js"

// [d_ap - d_an + margin]_+, or log(1 + exp(d_ap - d_an)) without a margin, for every triplet (core: triplet.py).
function tripletTerms(x, margin, averages) {
  const terms = []
  for (const [a, p] of pairsOf(x.positive, x.count)) {
    for (let n = 0; n < x.count; n += 1) {
      if (!x.negative[a * x.count + n]) continue
      const excess = x.matrix[a * x.count + p] - x.matrix[a * x.count + n]
      const slope = margin === null ? sigmoid(excess) : Number(excess + margin > 0)
      const value = margin === null ? softplus(excess, Infinity) : hinge(excess + margin)
      terms.push({ value, slopes: slope ? [[a, p, slope], [a, n, -slope]] : [], row: a, rows: [a, p, n] })
    }
  }
  return meanOf(x, terms, averages)
}

function tripletLine(x, { term, parameters }) {
  const [a, p, n] = term.rows
  const [near, far] = [x.matrix[a * x.count + p], x.matrix[a * x.count + n]]
  const difference = `${told.pull(near)} - ${told.push(far)}`
  const symbols = `d_{${nameOf(x, a)}${nameOf(x, p)}} - d_{${nameOf(x, a)}${nameOf(x, n)}}`
  if (parameters.shape === "soft margin") {
    return [`\\ell = \\log(1 + e^{${symbols}})`, `= \\log(1 + e^{${difference}})`, `= ${told.value(term.value)}`]
  }
  return [`\\ell = [${symbols} + m]_+`, `= [${difference} + ${told.number(parameters.margin)}]_+`, `= ${told.value(term.value)}`]
}

export const triplet = {
  compares: "distance",
  hardnessMargin: ({ margin }) => margin,
  evaluate: (x) => tripletTerms(x, x.parameters.shape === "soft margin" ? null : x.parameters.margin, x.parameters.mean_over),
  line: tripletLine,
}

// The triplets, and [d_ij - d_kl + pair_margin]_+ for each positive pair i < j of the batch with a pair k, l of two
// other classes, drawn beforehand (core: quadruplet.py).
function quadrupletTerms(x) {
  const { margin, pair_margin: pairMargin, mean_over: averages } = x.parameters
  const first = tripletTerms(x, margin, averages)
  if (!first.count || new Set(x.labels).size < 3) return first
  const terms = x.draws.map(([i, j, k, l]) => {
    const excess = x.matrix[i * x.count + j] - x.matrix[k * x.count + l] + pairMargin
    return { value: hinge(excess), slopes: excess > 0 ? [[i, j, 1], [k, l, -1]] : [], row: i, rows: [i, j, k, l] }
  })
  return first.plus(meanOf(x, terms, averages))
}

function quadrupletLine(x, seen) {
  if (seen.term.rows.length === 3) return tripletLine(x, seen)
  const [i, j, k, l] = seen.term.rows
  const symbols = `d_{${nameOf(x, i)}${nameOf(x, j)}} - d_{${nameOf(x, k)}${nameOf(x, l)}}`
  const [near, far] = [x.matrix[i * x.count + j], x.matrix[k * x.count + l]]
  const numbers = `${told.pull(near)} - ${told.push(far)} + ${told.number(seen.parameters.pair_margin)}`
  return [`\\ell = [${symbols} + m_2]_+`, `= [${numbers}]_+`, `= ${told.value(seen.term.value)}`]
}

export const quadruplet = {
  compares: "distance",
  hardnessMargin: ({ margin }) => margin,
  draws: true,
  evaluate: quadrupletTerms,
  line: quadrupletLine,
}
