// Losses that classify by the cosine of the angle between a point and a learned direction of each class (N x C).
import { crossEntropy, rowOf, startingRows } from "./class_losses.js"
import { logSum } from "./numbers.js"
import { addends, resultOf, told } from "./terms.js"

const directions = (name) => (parameters, classes, size) => ({ [name]: startingRows(classes, size) })

// A cross-entropy of scale * cosines where the own cosine is replaced by `own(cosine)` -> { score, slope }.
function softmaxTerms(x, scale, own) {
  const terms = Array.from({ length: x.count }, (_, row) => {
    const [scores, label] = [rowOf(x, row), x.labels[row]]
    const { score, slope } = own(scores[label])
    scores[label] = score
    const { value, slopes } = crossEntropy(scores.map((one) => scale * one), label)
    const steep = slopes.map((one, at) => scale * one * (at === label ? slope : 1))
    return { value, slopes: [], row, rows: [row], scores, steep }
  })
  return spread(x, terms)
}

function spread(x, terms) {
  const result = resultOf(x, terms, Math.max(terms.length, 1))
  for (const { row, steep } of terms) steep.forEach((slope, at) => (result.matrix[row * x.across + at] = slope / terms.length))
  return result
}

function shares(x, { row, scores }, scale) {
  const own = x.labels[row]
  const factor = scale === 1 ? "" : `${told.number(scale)} \\cdot `
  const texts = scores.map((score, at) => `e^{${factor}${at === own ? told.pull(score) : told.push(score)}}`)
  return `\\frac{${texts[own]}}{${addends(texts)}}`
}

const lineOf = (own) => (x, { term, parameters }) => [
  `\\ell = -\\log \\frac{e^{s ${own}}}{e^{s ${own}} + \\sum_j e^{s \\cos\\theta_j}}`,
  `= -\\log ${shares(x, term, parameters.scale)}`,
  `= ${told.value(term.value)}`,
]

// s (cos theta_y - m) for the own class (core: cos_face.py).
export const cosFace = {
  compares: "class cosines",
  rows: "weight",
  learned: directions("weight"),
  evaluate: (x) => softmaxTerms(x, x.parameters.scale, (cosine) => ({ score: cosine - x.parameters.margin, slope: 1 })),
  line: lineOf("(\\cos\\theta_y - m)"),
}

// cos(theta + m), beyond pi the straight line cos(theta) - m sin(m); the slope of the sine counts as 0 at both ends.
function widened(cosine, margin) {
  const [along, across] = [Math.cos(margin), Math.sin(margin)]
  if (!(cosine > -along)) return { score: cosine - margin * across, slope: 1 }
  const square = 1 - cosine ** 2
  const sine = Math.sqrt(Math.max(square, Number.EPSILON))
  return { score: along * cosine - across * sine, slope: square < Number.EPSILON ? along : along + (across * cosine) / sine }
}

// s cos(theta_y + m) for the own class (core: arc_face.py).
export const arcFace = {
  compares: "class cosines",
  rows: "weight",
  learned: directions("weight"),
  evaluate: (x) => softmaxTerms(x, x.parameters.scale, (cosine) => widened(cosine, x.parameters.margin)),
  line: lineOf("\\cos(\\theta_y + m)"),
}

// psi of an angle by its cosine: (-1)^k cos(m theta) - 2k, which falls from 1 to 1 - 2m.
function psi(cosine, multiple) {
  const square = cosine ** 2
  const [score, slope] = {
    1: [cosine, 1],
    2: [2 * square - 1, 4 * cosine],
    3: [cosine * (4 * square - 3), 12 * square - 3],
    4: [8 * square * (square - 1) + 1, 32 * cosine * square - 16 * cosine],
  }[multiple]
  let passed = 0
  for (let k = 1; k < multiple; k += 1) if (cosine < Math.cos((k * Math.PI) / multiple)) passed += 1
  const sign = 1 - 2 * (passed % 2)
  return { score: sign * score - 2 * passed, slope: sign * slope }
}

// Scores |x| cos theta, for the own class |x| (lambda cos + psi) / (1 + lambda), lambda falling with the steps (core:
// a_softmax.py).
function aSoftmaxTerms(x) {
  const { multiple, annealing_start: start, annealing_rate: rate, annealing_floor: floor } = x.parameters
  const weight = Math.max(floor, start / (1 + rate * x.step))
  const terms = Array.from({ length: x.count }, (_, row) => {
    const [scores, label, length] = [rowOf(x, row), x.labels[row], x.lengths[row]]
    const own = psi(scores[label], multiple)
    scores[label] = (weight * scores[label] + own.score) / (1 + weight)
    const { value, slopes } = crossEntropy(scores.map((score) => length * score), label)
    const along = slopes.reduce((total, slope, at) => total + slope * scores[at], 0)
    const steep = slopes.map((slope, at) => length * slope * (at === label ? (weight + own.slope) / (1 + weight) : 1))
    return { value, slopes: [], row, rows: [row], scores: scores.map((score) => length * score), steep, along, weight }
  })
  const result = spread(x, terms)
  result.lengths = Float64Array.from(terms, ({ along }) => along / terms.length)
  return result
}

export const aSoftmax = {
  compares: "class cosines",
  rows: "weight",
  learned: directions("weight"),
  evaluate: aSoftmaxTerms,
  line: (x, { term }) => [
    "\\ell = -\\log \\frac{e^z}{e^z + \\sum_j e^{|x| \\cos\\theta_j}}",
    `z = |x| \\frac{\\lambda \\cos\\theta_y + \\psi(\\theta_y)}{1 + \\lambda} \\text{ with } \\lambda = ${told.number(term.weight)}`,
    `\\ell = -\\log ${shares(x, term, 1)}`,
    `= ${told.value(term.value)}`,
  ],
}

// For each proxy log(1 + sum over its class of exp(-alpha (s - delta))), averaged over the classes that are there, and
// log(1 + sum over all others of exp(alpha (s + delta))), averaged over all (core: proxy_anchor.py).
function proxyTerms(x) {
  const { alpha, delta } = x.parameters
  const present = new Set(x.labels).size
  const samples = Array.from({ length: x.count }, (_, row) => row)
  const score = (row, proxy) => x.matrix[row * x.across + proxy]
  const terms = Array.from({ length: x.across }, (_, proxy) => {
    const [own, others] = [samples.filter((row) => x.labels[row] === proxy), samples.filter((row) => x.labels[row] !== proxy)]
    const near = logSum([0, ...own.map((row) => alpha * (delta - score(row, proxy)))])
    const far = logSum([0, ...others.map((row) => alpha * (delta + score(row, proxy)))])
    const weight = x.across / Math.max(present, 1)
    const slopes = [
      ...own.map((row, at) => [row, proxy, -alpha * weight * near.shares[at + 1]]),
      ...others.map((row, at) => [row, proxy, alpha * far.shares[at + 1]]),
    ]
    return { value: weight * near.log + far.log, slopes, row: own[0] ?? 0, rows: [proxy], pulled: weight * near.log, pushed: far.log }
  })
  const result = resultOf(x, terms, Math.max(terms.length, 1))
  for (const { slopes } of terms) for (const [row, proxy, slope] of slopes) result.matrix[row * x.across + proxy] += slope / terms.length
  return result
}

export const proxyAnchor = {
  compares: "class cosines",
  rows: "proxies",
  learned: directions("proxies"),
  rates: ({ proxy_rate: rate }) => ({ proxies: rate }),
  evaluate: proxyTerms,
  line: (x, { term }) => [
    "\\ell = \\log(1 + \\sum_+ e^{-\\alpha (s - \\delta)}) + \\log(1 + \\sum_- e^{\\alpha (s + \\delta)})",
    `= ${told.pull(term.pulled)} + ${told.push(term.pushed)}`,
    `= ${told.value(term.value)}`,
  ],
}

