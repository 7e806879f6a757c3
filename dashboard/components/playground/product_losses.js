// Losses of one anchor and one positive of every class, compared by dot products (core: class_pairs.py). These are the
// first two points of each class that has two.
import { logSum, radians } from "./numbers.js"
import { addends, meanOf, nameOf, told } from "./terms.js"

function classPairs(x) {
  const classes = [...new Set(x.labels)].sort((a, b) => a - b)
  const members = classes.map((label) => [...x.labels.keys()].filter((row) => x.labels[row] === label))
  return members.filter((rows) => rows.length > 1).map(([anchor, positive]) => ({ anchor, positive }))
}

// log(1 + sum over j of exp(a_i . p_j - a_i . p_i)) for each class (core: n_pair.py), times a weight.
function nPairParts(x, pairs, { anchor, positive }, weight) {
  const own = x.matrix[anchor * x.count + positive]
  const { log, shares } = logSum(pairs.map((pair) => x.matrix[anchor * x.count + pair.positive]))
  const slopes = pairs.map((pair, at) => [anchor, pair.positive, weight * shares[at]])
  return { value: weight * (log - own), slopes: [...slopes, [anchor, positive, -weight]] }
}

// A quarter of the weight times the mean squared lengths of anchors and positives, on top of the mean of all terms.
function withPenalty(x, result, pairs, weight) {
  const share = weight / 4 / Math.max(pairs.length, 1)
  for (const row of pairs.flatMap(({ anchor, positive }) => [anchor, positive])) {
    result.objective += share * x.matrix[row * x.count + row]
    result.matrix[row * x.count + row] += share
  }
  return result
}

function nPairTerms(x) {
  const pairs = classPairs(x)
  const terms = pairs.map((pair) => ({ ...nPairParts(x, pairs, pair, 1), row: pair.anchor, rows: [pair.anchor, pair.positive] }))
  return withPenalty(x, meanOf(x, terms), pairs, x.parameters.l2_weight)
}

function nPairLine(x, { term }) {
  const [a, p] = term.rows
  const own = x.matrix[a * x.count + p]
  const others = classPairs(x).filter(({ positive }) => positive !== p)
  const texts = others.map(({ positive }) => `e^{${told.push(x.matrix[a * x.count + positive])} - ${told.pull(own)}}`)
  return [
    `\\ell = \\log(1 + \\sum_j e^{${nameOf(x, a)} \\cdot p_j - ${nameOf(x, a)} \\cdot ${nameOf(x, p)}})`,
    `= \\log(1 + ${addends(texts) || "0"})`,
    `= ${told.value(term.value)}`,
  ]
}

export const nPair = { compares: "dot product", evaluate: nPairTerms, line: nPairLine }

// log(1 + sum over n of exp(4 t (a + p) . n - 2 (1 + t) a . p)) with t = tan^2(angle) for each class, and the N-pair
// term, each by its weight (core: angular.py).
function angularTerms(x) {
  const { angle, negatives, angular_weight: weight, n_pair_weight: nPairWeight, l2_weight: l2Weight } = x.parameters
  const steepness = Math.tan(radians(angle)) ** 2
  const pairs = classPairs(x)
  const candidates = negatives === "other positives" ? pairs.map(({ positive }) => positive) : [...x.labels.keys()]
  const terms = pairs.map(({ anchor: a, positive: p }) => {
    const others = candidates.filter((n) => x.labels[n] !== x.labels[a])
    const exponents = others.map((n) => exponentOf(x, a, p, n, steepness))
    const { log, shares } = logSum([0, ...exponents])
    const slopes = others.flatMap((n, at) => {
      const slope = weight * shares[at + 1]
      return [[a, n, 4 * steepness * slope], [p, n, 4 * steepness * slope], [a, p, -2 * (1 + steepness) * slope]]
    })
    const term = { value: weight * log, slopes, row: a, rows: [a, p], exponents }
    if (!nPairWeight) return term
    const added = nPairParts(x, pairs, { anchor: a, positive: p }, nPairWeight)
    return { ...term, value: term.value + added.value, slopes: [...slopes, ...added.slopes] }
  })
  return withPenalty(x, meanOf(x, terms), pairs, l2Weight)
}

function exponentOf(x, a, p, n, steepness) {
  const both = x.matrix[a * x.count + n] + x.matrix[p * x.count + n]
  return 4 * steepness * both - 2 * (1 + steepness) * x.matrix[a * x.count + p]
}

function angularLine(x, { term, parameters }) {
  const texts = term.exponents.map((exponent) => `e^{${told.push(exponent)}}`)
  const tangent = told.number(Math.tan(radians(parameters.angle)) ** 2)
  return [
    "f_n = 4 t (a + p) \\cdot n - 2 (1 + t) a \\cdot p",
    `t = \\tan^2\\alpha = ${tangent}`,
    `\\ell = \\log(1 + \\sum_n e^{f_n}) = \\log(1 + ${addends(texts) || "0"})`,
    `= ${told.value(term.value)}`,
  ]
}

export const angular = { compares: "dot product", evaluate: angularTerms, line: angularLine }
