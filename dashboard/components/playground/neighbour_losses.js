// Losses that weigh all positives and negatives of an anchor together, with d the distance.
import { hinge, logSum, sigmoid, softplus, softplusSlope, sum } from "./numbers.js"
import { addends, meanOf, nameOf, pairsOf, takenOf, told } from "./terms.js"

const rowsOf = (x) => Array.from({ length: x.count }, (_, row) => row)
const distances = (x, row, columns) => columns.map((column) => x.matrix[row * x.count + column])

// Both kinds of an anchor's pairs: { positives, negatives } as columns.
const around = (x, row) => ({ positives: takenOf(x.positive, row, x.count), negatives: takenOf(x.negative, row, x.count) })

// [d_ij + log(sum over i's and j's negatives of e^(m - d))]_+^2 / 2 for each positive pair; hard: the nearest of these
// negatives alone (core: lifted_structured.py). Where both ends reach as far, each has half of the slope.
function liftedTerms(x) {
  const { margin, shape } = x.parameters
  const isHard = shape === "hard"
  const reaches = rowsOf(x).map((row) => reachOf(x, row, margin, isHard))
  return meanOf(x, pairsOf(x.positive, x.count).map(([i, j]) => {
    const [first, second] = [reaches[i].log, reaches[j].log]
    const share = isHard ? (first > second ? 1 : first < second ? 0 : 0.5) : sigmoid(first - second)
    const both = isHard ? Math.max(first, second) : Math.max(first, second) + Math.log1p(Math.exp(-Math.abs(first - second)))
    const excess = hinge(x.matrix[i * x.count + j] + both)
    const ends = [[i, share], [j, 1 - share]].flatMap(([end, part]) => reaches[end].slopes.map(([n, slope]) => [end, n, excess * part * slope]))
    return { value: excess ** 2 / 2, slopes: excess ? [[i, j, excess], ...ends] : [], row: i, rows: [i, j], both }
  }))
}

function reachOf(x, row, margin, isHard) {
  const { negatives } = around(x, row)
  const far = distances(x, row, negatives)
  if (isHard) {
    const nearest = far.indexOf(Math.min(...far))
    return { log: far.length ? margin - far[nearest] : margin - 1e30, slopes: far.length ? [[negatives[nearest], -1]] : [] }
  }
  const { log, shares } = logSum(far.map((distance) => -distance))
  return { log: margin + log, slopes: negatives.map((n, at) => [n, -shares[at]]) }
}

function liftedLine(x, { term, parameters }) {
  const [i, j] = term.rows
  const pair = `d_{${nameOf(x, i)}${nameOf(x, j)}}`
  const exponents = [i, j].flatMap((end) => distances(x, end, around(x, end).negatives))
  const shown = exponents.map((far) => `e^{${told.number(parameters.margin)} - ${told.push(far)}}`)
  const reach = parameters.shape === "hard" ? told.number(term.both) : `\\log(${addends(shown) || "0"})`
  const sums = parameters.shape === "hard" ? "\\max(m - d_n)" : "\\log \\sum_n e^{m - d_n}"
  return [
    `\\ell = \\frac{1}{2} [${pair} + ${sums}]_+^2`,
    `= \\frac{1}{2} [${told.pull(x.matrix[i * x.count + j])} + ${reach}]_+^2`,
    `= ${told.value(term.value)}`,
  ]
}

export const liftedStructured = { compares: "distance", hardnessMargin: ({ margin }) => margin, evaluate: liftedTerms, line: liftedLine }

// [log sum e^d_ap + log sum e^(m - d_an)]_+ for each anchor with both kinds (core: generalised_lifted.py).
function generalisedTerms(x) {
  const anchors = rowsOf(x).map((row) => [row, around(x, row)]).filter(([, { positives, negatives }]) => positives.length && negatives.length)
  return meanOf(x, anchors.map(([row, { positives, negatives }]) => {
    const near = logSum(distances(x, row, positives))
    const far = logSum(distances(x, row, negatives).map((distance) => -distance))
    const excess = near.log + far.log + x.parameters.margin
    const slopes = [...positives.map((p, at) => [row, p, near.shares[at]]), ...negatives.map((n, at) => [row, n, -far.shares[at]])]
    return { value: hinge(excess), slopes: excess > 0 ? slopes : [], row, rows: [row] }
  }))
}

function generalisedLine(x, { term, parameters }) {
  const { positives, negatives } = around(x, term.row)
  const near = addends(distances(x, term.row, positives).map((distance) => `e^{${told.pull(distance)}}`))
  const far = addends(distances(x, term.row, negatives).map((distance) => `e^{${told.number(parameters.margin)} - ${told.push(distance)}}`))
  return [
    "\\ell = [\\log \\sum_p e^{d_{ap}} + \\log \\sum_n e^{m - d_{an}}]_+",
    `= [\\log(${near}) + \\log(${far})]_+`,
    `= ${told.value(term.value)}`,
  ]
}

export const generalisedLifted = { compares: "distance", hardnessMargin: ({ margin }) => margin, evaluate: generalisedTerms, line: generalisedLine }

// The mean of d - (boundary - margin) over the positives beyond that radius, plus balance times the weighted mean of
// boundary - d over the negatives within the boundary; weights exp(temperature (boundary - d)) are held constant in
// the slopes (core: ranked_list.py).
function rankedTerms(x) {
  const { boundary, margin, temperature, balance } = x.parameters
  const anchors = rowsOf(x).map((row) => [row, around(x, row)]).filter(([, { positives, negatives }]) => positives.length || negatives.length)
  return meanOf(x, anchors.map(([row, { positives, negatives }]) => {
    const outside = positives.filter((p) => x.matrix[row * x.count + p] > boundary - margin)
    const within = negatives.filter((n) => x.matrix[row * x.count + n] < boundary)
    const [near, far] = [distances(x, row, outside), distances(x, row, within)]
    const { shares } = logSum(far.map((distance) => -temperature * distance))
    const pulled = near.length ? sum(near) / near.length - (boundary - margin) : 0
    const pushed = far.length ? boundary - sum(far.map((distance, at) => shares[at] * distance)) : 0
    const slopes = [...outside.map((p) => [row, p, 1 / near.length]), ...within.map((n, at) => [row, n, -balance * shares[at]])]
    return { value: pulled + balance * pushed, slopes, row, rows: [row], pulled, pushed }
  }))
}

function rankedLine(x, { term, parameters }) {
  return [
    "\\ell = \\bar{d}_+ - (\\alpha - m) + \\lambda (\\alpha - \\bar{d}_-)",
    `= ${told.pull(term.pulled)} + ${told.number(parameters.balance)} \\cdot ${told.push(term.pushed)}`,
    `= ${told.value(term.value)}`,
  ]
}

export const rankedList = {
  compares: "distance",
  hardnessMargin: ({ margin }) => margin,
  evaluate: rankedTerms,
  line: rankedLine,
  rings: (x) => [{ radius: x.parameters.boundary, name: "margin" }, { radius: x.parameters.boundary - x.parameters.margin, name: "inside" }],
}

// (1 - mu) d_ij + mu sum over l of [m + d_ij - d_il]_+ for each anchor i and each of its nearest positives j, ties by
// row (core: lmnn.py).
function lmnnTerms(x) {
  const { neighbours, margin, push } = x.parameters
  const terms = rowsOf(x).flatMap((row) => {
    const { positives, negatives } = around(x, row)
    const nearest = [...positives].sort((a, b) => x.matrix[row * x.count + a] - x.matrix[row * x.count + b] || a - b)
    return nearest.slice(0, neighbours).map((target) => {
      const own = x.matrix[row * x.count + target]
      const impostors = negatives.filter((l) => margin + own - x.matrix[row * x.count + l] > 0)
      const pushes = sum(distances(x, row, impostors).map((far) => margin + own - far))
      const slopes = [[row, target, 1 - push + push * impostors.length], ...impostors.map((l) => [row, l, -push])]
      return { value: (1 - push) * own + push * pushes, slopes, row, rows: [row, target], pushes }
    })
  })
  return meanOf(x, terms)
}

function lmnnLine(x, { term, parameters: { push } }) {
  const [i, j] = term.rows
  const pair = `d_{${nameOf(x, i)}${nameOf(x, j)}}`
  return [
    `\\ell = (1 - \\mu) ${pair} + \\mu \\sum_l [m + ${pair} - d_{${nameOf(x, i)}l}]_+`,
    `= ${told.number(1 - push)} \\cdot ${told.pull(x.matrix[i * x.count + j])} + ${told.number(push)} \\cdot ${told.push(term.pushes)}`,
    `= ${told.value(term.value)}`,
  ]
}

export const lmnn = { compares: "distance", hardnessMargin: ({ margin }) => margin, evaluate: lmnnTerms, line: lmnnLine }

// With p the chance that the anchor draws its class by a softmax over -d / temperature: 1 - p, or -log p (core: nca.py).
function ncaTerms(x) {
  const { temperature, shape } = x.parameters
  const anchors = rowsOf(x).map((row) => [row, around(x, row)]).filter(([, { positives }]) => positives.length)
  return meanOf(x, anchors.map(([row, { positives, negatives }]) => {
    const near = logSum(distances(x, row, positives).map((distance) => -distance / temperature))
    const far = logSum(distances(x, row, negatives).map((distance) => -distance / temperature))
    const excess = far.log - near.log
    const isLog = shape === "logarithm"
    const slope = isLog ? softplusSlope(excess, 40) : sigmoid(excess) * sigmoid(-excess)
    const slopes = [
      ...positives.map((p, at) => [row, p, (slope * near.shares[at]) / temperature]),
      ...negatives.map((n, at) => [row, n, (-slope * far.shares[at]) / temperature]),
    ]
    return { value: isLog ? softplus(excess, 40) : sigmoid(excess), slopes, row, rows: [row], chance: sigmoid(-excess) }
  }))
}

function ncaLine(x, { term, parameters }) {
  const isLog = parameters.shape === "logarithm"
  const chance = "\\frac{\\sum_p e^{-d_{ap} / \\tau}}{\\sum_j e^{-d_{aj} / \\tau}}"
  return [
    `p = ${chance} = ${told.pull(term.chance)}`,
    isLog ? `\\ell = -\\log ${told.pull(term.chance)}` : `\\ell = 1 - ${told.pull(term.chance)}`,
    `= ${told.value(term.value)}`,
  ]
}

export const nca = { compares: "distance", evaluate: ncaTerms, line: ncaLine }
