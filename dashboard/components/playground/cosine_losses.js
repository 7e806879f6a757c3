// Losses that weigh all pairs of an anchor by their cosines s.
import { hinge, logSum, radians, softplus, softplusSlope, sum } from "./numbers.js"
import { addends, meanOf, nameOf, pairsOf, takenOf, told } from "./terms.js"

const rowsOf = (x) => Array.from({ length: x.count }, (_, row) => row)
const cosines = (x, row, columns) => columns.map((column) => x.matrix[row * x.count + column])
const around = (x, row) => ({ row, positives: takenOf(x.positive, row, x.count), negatives: takenOf(x.negative, row, x.count) })

// log(1 + sum e^(-alpha (s - base))) / alpha over positives + log(1 + sum e^(beta (s - base))) / beta over negatives, for
// each anchor with a pair (core: multi_similarity.py).
function multiTerms(x) {
  const { alpha, beta, base } = x.parameters
  const anchors = rowsOf(x).map((row) => around(x, row)).filter(({ positives, negatives }) => positives.length || negatives.length)
  return meanOf(x, anchors.map(({ row, positives, negatives }) => {
    const near = logSum(cosines(x, row, positives).map((cosine) => -alpha * cosine))
    const far = logSum(cosines(x, row, negatives).map((cosine) => beta * cosine))
    const [pull, push] = [near.log + alpha * base, far.log - beta * base]
    const slopes = [
      ...positives.map((p, at) => [row, p, -softplusSlope(pull) * near.shares[at]]),
      ...negatives.map((n, at) => [row, n, softplusSlope(push) * far.shares[at]]),
    ]
    const [pulled, pushed] = [softplus(pull) / alpha, softplus(push) / beta]
    return { value: pulled + pushed, slopes, row, rows: [row], pulled, pushed }
  }))
}

function multiLine(x, { term }) {
  return [
    "\\ell = \\frac{1}{\\alpha} \\log(1 + \\sum_p e^{-\\alpha (s_{ap} - \\lambda)}) + \\frac{1}{\\beta} \\log(1 + \\sum_n e^{\\beta (s_{an} - \\lambda)})",
    `= ${told.pull(term.pulled)} + ${told.push(term.pushed)}`,
    `= ${told.value(term.value)}`,
  ]
}

export const multiSimilarity = { compares: "cosine", evaluate: multiTerms, line: multiLine }

// log(1 + sum_n e^(gamma [s + m]_+ (s - m)) sum_p e^(gamma [1 + m - s]_+ (1 - m - s))) for each anchor with both kinds;
// what stands in brackets is held constant in the slopes (core: circle.py).
function circleTerms(x) {
  const { margin, scale } = x.parameters
  const anchors = rowsOf(x).map((row) => around(x, row)).filter(({ positives, negatives }) => positives.length && negatives.length)
  return meanOf(x, anchors.map(({ row, positives, negatives }) => {
    const [own, other] = [cosines(x, row, positives), cosines(x, row, negatives)]
    const pulls = own.map((cosine) => scale * hinge(1 + margin - cosine))
    const pushes = other.map((cosine) => scale * hinge(cosine + margin))
    const near = logSum(own.map((cosine, at) => pulls[at] * (1 - margin - cosine)))
    const far = logSum(other.map((cosine, at) => pushes[at] * (cosine - margin)))
    const slope = softplusSlope(near.log + far.log)
    const slopes = [
      ...positives.map((p, at) => [row, p, -slope * near.shares[at] * pulls[at]]),
      ...negatives.map((n, at) => [row, n, slope * far.shares[at] * pushes[at]]),
    ]
    return { value: softplus(near.log + far.log), slopes, row, rows: [row], near: near.log, far: far.log }
  }))
}

function circleLine(x, { term }) {
  return [
    "\\ell = \\log(1 + \\sum_n e^{\\gamma [s_{an} + m]_+ (s_{an} - m)} \\sum_p e^{-\\gamma [1 + m - s_{ap}]_+ (s_{ap} - 1 + m)})",
    `= \\log(1 + e^{${told.push(term.far)}} \\cdot e^{${told.pull(term.near)}})`,
    `= ${told.value(term.value)}`,
  ]
}

export const circle = { compares: "cosine", evaluate: circleTerms, line: circleLine }

// log(1 + sum over n of e^(s (cos a_n - cos(a_p - slack)))) for each positive pair whose anchor has a negative; the sine
// of an angle comes from the chord, and its slope is finite at both ends (core: tuplet_margin.py).
function tupletTerms(x) {
  const { scale } = x.parameters
  const [along, across] = [Math.cos(radians(x.parameters.slack)), Math.sin(radians(x.parameters.slack))]
  const others = rowsOf(x).map((row) => {
    const { negatives } = around(x, row)
    return { negatives, ...logSum(cosines(x, row, negatives).map((cosine) => scale * cosine)) }
  })
  const pairs = pairsOf(x.positive, x.count).filter(([a]) => others[a].negatives.length)
  const terms = pairs.map(([a, p]) => {
    const chord = x.chords[a * x.count + p]
    const rest = 1 - chord ** 2 / 4
    const root = Math.sqrt(Math.max(rest, Number.EPSILON))
    const own = along * x.matrix[a * x.count + p] + across * chord * root
    const excess = others[a].log - scale * own
    const slope = softplusSlope(excess)
    const slopes = [[a, p, -slope * scale * along], ...others[a].negatives.map((n, at) => [a, n, slope * scale * others[a].shares[at]])]
    const turn = root - (rest >= Number.EPSILON ? chord ** 2 / 4 / root : 0)
    return { value: softplus(excess), slopes, row: a, rows: [a, p], own, chord: -slope * scale * across * turn }
  })
  const result = meanOf(x, terms)
  result.chords = new Float64Array(x.count * x.count)
  for (const { rows: [a, p], chord } of terms) result.chords[a * x.count + p] += chord / result.divisor
  return result
}

function tupletLine(x, { term, parameters }) {
  const others = cosines(x, term.row, around(x, term.row).negatives)
  const texts = others.map((cosine) => `e^{${told.number(parameters.scale)} (${told.push(cosine)} - ${told.pull(term.own)})}`)
  return ["\\ell = \\log(1 + \\sum_n e^{s (\\cos\\theta_{an} - \\cos(\\theta_{ap} - \\beta))})", `= \\log(1 + ${addends(texts)})`, `= ${told.value(term.value)}`]
}

export const tupletMargin = { compares: "cosine", chords: true, evaluate: tupletTerms, line: tupletLine }

// How surely an anchor picks its positives out of all by a softmax over s / temperature: several positives outside the
// logarithm, inside it, or one pair at a time (core: info_nce.py).
function infoTerms(x) {
  const anchors = rowsOf(x).map((row) => around(x, row)).filter(({ positives }) => positives.length)
  const form = { "outside the logarithm": outside, "inside the logarithm": inside, "one pair at a time": onePair }[x.parameters.positives]
  return meanOf(x, anchors.flatMap((anchor) => form(x, anchor, x.parameters.temperature)))
}

const scores = (x, row, columns, temperature) => cosines(x, row, columns).map((cosine) => cosine / temperature)

function outside(x, { row, positives, negatives }, temperature) {
  const all = [...positives, ...negatives]
  const values = scores(x, row, all, temperature)
  const { log, shares } = logSum(values)
  const mean = sum(values.slice(0, positives.length)) / positives.length
  const slopes = all.map((column, at) => [row, column, (shares[at] - (at < positives.length ? 1 / positives.length : 0)) / temperature])
  return [{ value: log - mean, slopes, row, rows: [row] }]
}

function inside(x, { row, positives, negatives }, temperature) {
  const all = [...positives, ...negatives]
  const [every, own] = [logSum(scores(x, row, all, temperature)), logSum(scores(x, row, positives, temperature))]
  const slopes = all.map((column, at) => [row, column, (every.shares[at] - (own.shares[at] ?? 0)) / temperature])
  return [{ value: every.log - own.log + Math.log(positives.length), slopes, row, rows: [row] }]
}

function onePair(x, { row, positives, negatives }, temperature) {
  const others = logSum(scores(x, row, negatives, temperature))
  return positives.map((p) => {
    const excess = others.log - x.matrix[row * x.count + p] / temperature
    const slope = softplusSlope(excess, 40) / temperature
    const slopes = [[row, p, -slope], ...negatives.map((n, at) => [row, n, slope * others.shares[at]])]
    return { value: softplus(excess, 40), slopes, row, rows: [row, p] }
  })
}

function infoLine(x, { term, parameters }) {
  const { positives, negatives } = around(x, term.row)
  const p = term.rows[1] ?? positives[0]
  const exponent = (column, kind) => `e^{${told[kind](x.matrix[term.row * x.count + column])} / ${told.number(parameters.temperature)}}`
  const share = [exponent(p, "pull"), ...negatives.map((n) => exponent(n, "push"))]
  const isPart = positives.length > 1 && term.rows.length === 1
  const end = `= ${told.value(term.value)}`
  return [
    `\\ell = -\\log \\frac{e^{s_{${nameOf(x, term.row)}${nameOf(x, p)}} / \\tau}}{\\sum_j e^{s_{${nameOf(x, term.row)}j} / \\tau}}`,
    isPart ? "" : `= -\\log \\frac{${share[0]}}{${addends(share)}}`,
    end,
  ].filter(Boolean)
}

export const infoNce = { compares: "cosine", evaluate: infoTerms, line: infoLine }
