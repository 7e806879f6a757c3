// Every loss of core by its name there, and its value with all slopes on a few points. To add one: write it beside its
// kind, then name it below; a test holds it equal to core's.
//
// A loss is { compares, evaluate(x), line(x, seen), and where it has them learned, rates, follow, rings, hardnessMargin }.
// `x` is what `situationOf` makes; `evaluate` returns what `terms.js` describes.
import { aSoftmax, arcFace, cosFace, proxyAnchor } from "./angle_losses.js"
import { center, softmax, tripletCenter } from "./class_losses.js"
import { circle, infoNce, multiSimilarity, tupletMargin } from "./cosine_losses.js"
import { distancesBack, distancesOf, lengthsOf, productsBack, productsOf, unitRows, unitRowsBack, zeros } from "./matrices.js"
import { generalisedLifted, liftedStructured, lmnn, nca, rankedList } from "./neighbour_losses.js"
import { contrastive, marginBased, mmc } from "./pair_losses.js"
import { angular, nPair } from "./product_losses.js"
import { quadruplet, triplet } from "./triplet_losses.js"

export const LOSSES = {
  triplet,
  contrastive,
  "margin-based": marginBased,
  "lifted-structured": liftedStructured,
  "generalised-lifted": generalisedLifted,
  "ranked-list": rankedList,
  "multi-similarity": multiSimilarity,
  circle,
  quadruplet,
  "n-pair": nPair,
  "tuplet-margin": tupletMargin,
  angular,
  softmax,
  center,
  "triplet-center": tripletCenter,
  "a-softmax": aSoftmax,
  "arc-face": arcFace,
  "cos-face": cosFace,
  "proxy-anchor": proxyAnchor,
  "info-nce": infoNce,
  nca,
  lmnn,
  mmc,
}

// What core says of losses without a margin of their own: FaceNet's value.
const REFERENCE_MARGIN = 0.2
export const hardnessMarginOf = (loss, parameters) => LOSSES[loss].hardnessMargin?.(parameters) ?? REFERENCE_MARGIN

const isOfClasses = (kind) => kind.compares === "scores" || kind.compares === "class cosines"

// Everything that a loss looks at, of { loss, parameters, points, labels, classes, size, and where they are not as usual
// isUnit, isSquared, anchors, learned, draws, step, names }. Points are a Float64Array, `size` numbers each, and so are
// learned rows; `anchors` are the rows whose pairs count, all without.
export function situationOf(given) {
  const { loss, points: raw, labels, size, classes, parameters, learned = {}, draws = [], step = 1 } = given
  const kind = LOSSES[loss]
  const unit = given.isUnit ? unitRows(raw, size, 0) : null
  const x = { loss, kind, raw, unit, points: unit?.rows ?? raw, labels, size, parameters, learned, draws, step, names: given.names ?? labels.map((_, row) => String(row + 1)) }
  x.count = labels.length
  x.across = isOfClasses(kind) ? classes : x.count
  x.isSquared = Boolean(given.isSquared) && kind.compares === "distance"
  if (!isOfClasses(kind)) Object.assign(x, masksOf(labels, given.anchors))
  return Object.assign(x, comparisonOf(x))
}

function masksOf(labels, anchors) {
  const count = labels.length
  const taken = anchors ? new Set(anchors) : null
  const mask = (rule) => Uint8Array.from({ length: count * count }, (_, at) => {
    const [row, column] = [Math.floor(at / count), at % count]
    return row !== column && (!taken || taken.has(row)) && rule(labels[row] === labels[column])
  })
  return { positive: mask((isSame) => isSame), negative: mask((isSame) => !isSame) }
}

// The matrix that a loss compares by, and what is needed on the way back from it.
function comparisonOf(x) {
  const { kind, points, size, learned } = x
  if (kind.compares === "distance") {
    const lengths = distancesOf(points, size)
    return { distances: lengths, matrix: x.isSquared ? lengths.map((value) => value ** 2) : lengths }
  }
  if (kind.compares === "dot product") return { matrix: productsOf(points, points, size) }
  if (kind.compares === "scores") return { matrix: productsOf(points, learned[kind.rows], size) }
  const directions = unitRows(points, size)
  if (kind.compares === "cosine") {
    const chords = kind.chords ? distancesOf(directions.rows, size) : null
    return { directions, chords, matrix: productsOf(directions.rows, directions.rows, size) }
  }
  const rows = unitRows(learned[kind.rows], size)
  return { directions, rows, lengths: lengthsOf(points, size), matrix: productsOf(directions.rows, rows.rows, size) }
}

// -> what `terms.js` describes, with `gradient` of the points, `learned` with those of the loss's own tensors, and
// `gradientOf(row, column)` for what one place of the matrix adds to the gradients of its two ends.
export function evaluated(x) {
  const result = x.kind.evaluate(x)
  const back = slopesBack(x, result)
  result.gradient = asGiven(x, back.points)
  result.learned = { ...result.learned, ...back.learned }
  result.gradientOf = (row, column) => partOf(x, result, row, column)
  return result
}

// Slopes of points of unit length -> those of the points as they were given.
function asGiven(x, slopes) {
  if (!x.unit) return slopes
  const into = zeros(slopes.length)
  unitRowsBack(x.unit, slopes, x.size, into)
  return into
}

function slopesBack(x, result) {
  const { kind, points, size } = x
  const into = Float64Array.from(result.points ?? zeros(points.length))
  if (kind.compares === "distance") {
    const slopes = x.isSquared ? result.matrix.map((slope, at) => 2 * x.distances[at] * slope) : result.matrix
    distancesBack(points, x.distances, slopes, size, into)
    return { points: into, learned: {} }
  }
  if (kind.compares === "dot product") {
    productsBack(points, points, result.matrix, size, into, into)
    return { points: into, learned: {} }
  }
  if (kind.compares === "scores") {
    const rows = zeros(x.learned[kind.rows].length)
    productsBack(points, x.learned[kind.rows], result.matrix, size, into, rows)
    return { points: into, learned: { [kind.rows]: rows } }
  }
  return cosinesBack(x, result, into)
}

function cosinesBack(x, result, into) {
  const { kind, directions, points, size } = x
  const turned = zeros(points.length)
  if (kind.compares === "cosine") {
    productsBack(directions.rows, directions.rows, result.matrix, size, turned, turned)
    if (result.chords) distancesBack(directions.rows, x.chords, result.chords, size, turned)
    unitRowsBack(directions, turned, size, into)
    return { points: into, learned: {} }
  }
  const [turnedRows, rows] = [zeros(x.rows.rows.length), zeros(x.rows.rows.length)]
  productsBack(directions.rows, x.rows.rows, result.matrix, size, turned, turnedRows)
  unitRowsBack(directions, turned, size, into)
  unitRowsBack(x.rows, turnedRows, size, rows)
  if (result.lengths) {
    for (let at = 0; at < into.length; at += 1) into[at] += result.lengths[Math.floor(at / size)] * directions.rows[at]
  }
  return { points: into, learned: { [kind.rows]: rows } }
}

// The gradient of the points (N x D) from one pair, or one point and one class, alone.
function partOf(x, result, row, column) {
  const alone = { matrix: zeros(result.matrix.length), chords: result.chords ? zeros(result.chords.length) : null }
  const places = isOfClasses(x.kind) ? [row * x.across + column] : [row * x.across + column, column * x.across + row]
  for (const at of places) {
    alone.matrix[at] = result.matrix[at]
    if (alone.chords) alone.chords[at] = result.chords[at]
  }
  return asGiven(x, slopesBack(x, alone).points)
}

// The learned tensors of a loss at the start, as Float64Arrays.
export function startingParts(loss, parameters, classes, size) {
  const started = LOSSES[loss].learned?.(parameters, classes, size) ?? {}
  return Object.fromEntries(Object.entries(started).map(([name, rows]) => [name, Float64Array.from(rows.flat())]))
}

// How far learned tensors move for their gradients, where that is not the step size of the points.
export const ratesOf = (loss, parameters) => LOSSES[loss].rates?.(parameters) ?? {}
