// Losses that classify by one learned row per class: scores w . x of points with rows (N x C), y the own class.
import { hinge, logSum, sum } from "./numbers.js"
import { addends, resultOf, told } from "./terms.js"

// -log of the own class's share in the softmax over these scores, and its slopes: softmax minus one-hot.
export function crossEntropy(scores, own) {
  const { log, shares } = logSum(scores)
  return { value: log - scores[own], slopes: shares.map((share, at) => share - Number(at === own)) }
}

export const rowOf = (x, row) => [...x.matrix.subarray(row * x.across, (row + 1) * x.across)]
const samples = (x) => Array.from({ length: x.count }, (_, row) => row)

// Rows of classes at the start: all around, beside the points of their class rather than on them.
export function startingRows(classes, size) {
  return Array.from({ length: classes }, (_, row) => {
    const turn = 0.9 + (2 * Math.PI * row) / Math.max(classes, 2)
    return size === 2 ? [Math.cos(turn), Math.sin(turn)] : [0.8 * Math.cos(turn), 0.8 * Math.sin(turn), 0.6]
  })
}

const classifier = (parameters, classes, size) => ({ weight: startingRows(classes, size), bias: Array(classes).fill(0) })

// Cross-entropies of scale w . x + b, with slopes of scores and bias, as terms that other parts can be added to.
function entropies(x, scale, weight) {
  return samples(x).map((row) => {
    const logits = rowOf(x, row).map((score, at) => scale * score + x.learned.bias[at])
    const { value, slopes } = crossEntropy(logits, x.labels[row])
    return { value: weight * value, entropy: value, row, rows: [row], logits, slopes: [], steep: slopes.map((slope) => weight * slope) }
  })
}

function classified(x, terms, scale) {
  const result = resultOf(x, terms, Math.max(terms.length, 1))
  result.learned = { bias: new Float64Array(x.across) }
  result.points = new Float64Array(x.count * x.size)
  for (const { row, steep } of terms) {
    steep.forEach((slope, at) => {
      result.matrix[row * x.across + at] += (scale * slope) / terms.length
      result.learned.bias[at] += slope / terms.length
    })
  }
  return result
}

// Cross-entropy of softmax(scale w . x + b) (core: softmax.py).
export const softmax = {
  compares: "scores",
  rows: "weight",
  learned: classifier,
  evaluate: (x) => classified(x, entropies(x, x.parameters.scale, 1), x.parameters.scale),
  line: (x, { term }) => [
    "\\ell = -\\log \\frac{e^{s w_y \\cdot x + b_y}}{\\sum_c e^{s w_c \\cdot x + b_c}}",
    `= -\\log \\frac{${shareOf(x, term).join("}{")}}`,
    `= ${told.value(term.value)}`,
  ],
}

function shareOf(x, { row, logits }) {
  const own = x.labels[row]
  const texts = logits.map((logit, at) => `e^{${at === own ? told.pull(logit) : told.push(logit)}}`)
  return [texts[own], addends(texts)]
}

// The vector from row `from` of `rows` to point `row`, number by number.
function towards(x, row, rows, from) {
  return Array.from({ length: x.size }, (_, k) => x.points[row * x.size + k] - rows[from * x.size + k])
}

// The cross-entropy and lambda / 2 |x - c_y|^2 for each sample (core: center.py).
function centerTerms(x) {
  const { softmax_weight: softmaxWeight, centre_weight: pull, reduction } = x.parameters
  const weight = pull * (reduction === "sum" ? x.count : 1)
  const terms = entropies(x, 1, softmaxWeight)
  for (const term of terms) {
    term.away = towards(x, term.row, x.learned.centres, x.labels[term.row])
    term.squares = sum(term.away.map((value) => value ** 2))
    term.value += (weight * term.squares) / 2
  }
  const result = classified(x, terms, 1)
  result.learned.centres = new Float64Array(x.learned.centres.length)
  for (const { row, away } of terms) {
    away.forEach((value, k) => {
      result.points[row * x.size + k] += (weight * value) / terms.length
      result.learned.centres[x.labels[row] * x.size + k] -= (weight * value) / terms.length
    })
  }
  return result
}

function centerLine(x, { term, parameters }) {
  const weight = parameters.centre_weight * (parameters.reduction === "sum" ? x.count : 1)
  return [
    "\\ell = -\\log p_y + \\frac{\\lambda}{2} |x - c_y|^2",
    `= ${told.number(parameters.softmax_weight)} \\cdot ${told.push(term.entropy)} + \\frac{${told.number(weight)}}{2} \\cdot ${told.pull(term.squares)}`,
    `= ${told.value(term.value)}`,
  ]
}

// c_j -= a * sum over its n_j samples of (c_j - x) / (1 + n_j), after each step.
function followSamples(x) {
  const centres = Float64Array.from(x.learned.centres)
  for (let label = 0; label < x.across; label += 1) {
    const own = samples(x).filter((row) => x.labels[row] === label)
    for (let k = 0; k < x.size; k += 1) {
      const at = label * x.size + k
      const away = sum(own.map((row) => centres[at] - x.points[row * x.size + k]))
      centres[at] -= (x.parameters.centre_rate * away) / (1 + own.length)
    }
  }
  return centres
}

export const center = {
  compares: "scores",
  rows: "weight",
  learned: (parameters, classes, size) => ({ ...classifier(parameters, classes, size), centres: Array(classes).fill(Array(size).fill(0)) }),
  rates: () => ({ centres: 0 }),
  follow: (x) => ({ centres: followSamples(x) }),
  evaluate: centerTerms,
  line: centerLine,
}

// lambda [D(x, c_y) + m - min over j of D(x, c_j)]_+ with D = |x - c|^2 / 2, and the cross-entropy (core:
// triplet_center.py). Centres are learned, a running mean, or the mean of the class's points.
function tripletCenterTerms(x) {
  const { margin, centre_weight: weight, softmax_weight: softmaxWeight } = x.parameters
  const centres = centresOf(x)
  const terms = entropies(x, 1, softmaxWeight)
  for (const term of terms) {
    const own = x.labels[term.row]
    const scores = centres.present.map((isThere, at) => (isThere ? scoreOf(x, term.row, centres.rows, at) : -Infinity))
    const others = scores.map((score, at) => (at === own ? -Infinity : score))
    const other = others.indexOf(Math.max(...others))
    const excess = margin + others[other] - scores[own]
    Object.assign(term, { own, other, excess: hinge(excess), isActive: excess > 0 })
    term.value += weight * hinge(excess)
  }
  const result = classified(x, terms, 1)
  const slopes = new Float64Array(centres.rows.length)
  for (const { row, own, other, isActive } of terms) {
    if (!isActive) continue
    for (const [place, sign] of [[other, 1], [own, -1]]) {
      for (let k = 0; k < x.size; k += 1) {
        const [centre, step] = [centres.rows[place * x.size + k], (sign * weight) / terms.length]
        result.points[row * x.size + k] += step * centre
        slopes[place * x.size + k] += step * (x.points[row * x.size + k] - centre)
      }
    }
  }
  if (x.parameters.centres !== "batch mean") result.learned.centres = slopes
  else shareOut(x, slopes, centres.counts, result.points)
  return result
}

// s = x . c - |c|^2 / 2, of which D falls by as much as it rises.
function scoreOf(x, row, rows, at) {
  let score = 0
  for (let k = at * x.size; k < (at + 1) * x.size; k += 1) score += x.points[row * x.size + k - at * x.size] * rows[k] - rows[k] ** 2 / 2
  return score
}

function centresOf(x) {
  if (x.parameters.centres !== "batch mean") return { rows: x.learned.centres, present: Array(x.across).fill(true) }
  return { ...meansOf(x), present: meansOf(x).counts.map((count) => count > 0) }
}

function meansOf(x) {
  const [rows, counts] = [new Float64Array(x.across * x.size), Array(x.across).fill(0)]
  for (const label of x.labels) counts[label] += 1
  x.labels.forEach((label, row) => {
    for (let k = 0; k < x.size; k += 1) rows[label * x.size + k] += x.points[row * x.size + k] / counts[label]
  })
  return { rows, counts }
}

// The slope of a mean belongs in equal parts to all that it is the mean of.
function shareOut(x, slopes, counts, into) {
  x.labels.forEach((label, row) => {
    for (let k = 0; k < x.size; k += 1) into[row * x.size + k] += slopes[label * x.size + k] / counts[label]
  })
}

function tripletCenterLine(x, { term, parameters }) {
  return [
    "\\ell = \\lambda [D(x, c_y) + m - \\min_j D(x, c_j)]_+ - \\log p_y",
    `= ${told.number(parameters.centre_weight)} \\cdot ${told.pull(term.excess)} + ${told.number(parameters.softmax_weight)} \\cdot ${told.push(term.entropy)}`,
    `= ${told.value(term.value)}`,
  ]
}

function mixMeans(x) {
  const { rows, counts } = meansOf(x)
  return x.learned.centres.map((centre, at) => (counts[Math.floor(at / x.size)] ? centre + x.parameters.centre_rate * (rows[at] - centre) : centre))
}

export const tripletCenter = {
  compares: "scores",
  rows: "weight",
  learned: (parameters, classes, size) => ({
    ...classifier(parameters, classes, size),
    ...(parameters.centres === "batch mean" ? {} : { centres: startingRows(classes, size).map((row) => row.map((value) => 0.5 * value)) }),
  }),
  rates: ({ centres, centre_learning_rate: rate }) => (centres === "batch mean" ? {} : { centres: centres === "learned" ? rate : 0 }),
  follow: (x) => (x.parameters.centres === "running mean" ? { centres: mixMeans(x) } : {}),
  evaluate: tripletCenterTerms,
  line: tripletCenterLine,
}

