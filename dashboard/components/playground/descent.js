// Gradient descent on the points and on what a loss learns: plain steps, each point at most FURTHEST at once.
import { evaluated, ratesOf, situationOf } from "./losses.js"
import { lengthsOf } from "./matrices.js"

export const FURTHEST = 0.2

// The state after one step, and how far the point that moved most has gone: { state, moved }.
export function stepped(state, loss) {
  const x = situationOf(situationGiven(state, loss))
  const result = evaluated(x)
  const [points, moved] = pointsAfter(state, result.gradient)
  const [parts, partsMoved] = partsAfter(state, loss, x, result)
  return { state: { ...state, points, parts, step: state.step + 1 }, moved: Math.max(moved, partsMoved) }
}

export function situationGiven(state, loss) {
  const isUnit = state.space !== "plane"
  const parameters = state.values
  const { points, labels, size, classes, draws, step, names } = state
  return {
    loss, parameters, points, labels, size, classes, draws, step, names, isUnit,
    isSquared: parameters.squared, anchors: parameters.anchors === "first" ? [0] : null, learned: state.parts,
  }
}

function pointsAfter({ points, values, size, space }, gradient) {
  const lengths = lengthsOf(gradient, size)
  const next = points.map((value, at) => {
    const length = values.step * lengths[Math.floor(at / size)]
    return value - values.step * gradient[at] * (length > FURTHEST ? FURTHEST / length : 1)
  })
  const kept = space === "plane" ? next : onSphere(next, size)
  return [kept, kept.reduce((most, value, at) => Math.max(most, Math.abs(value - points[at])), 0)]
}

// Every point at length 1; the point 0, which has no direction, goes to the right.
export function onSphere(points, size) {
  const lengths = lengthsOf(points, size)
  return points.map((value, at) => (lengths[Math.floor(at / size)] > 1e-9 ? value / lengths[Math.floor(at / size)] : Number(at % size === 0)))
}

function partsAfter({ parts, values }, loss, x, result) {
  const [rates, followed] = [ratesOf(loss, values), x.kind.follow?.(x) ?? {}]
  let most = 0
  const next = Object.entries(parts).map(([name, before]) => {
    const rate = rates[name] ?? values.step
    const after = followed[name] ?? before.map((value, at) => value - Math.max(-FURTHEST, Math.min(FURTHEST, rate * (result.learned[name]?.[at] ?? 0))))
    after.forEach((value, at) => (most = Math.max(most, Math.abs(value - before[at]))))
    return [name, after]
  })
  return [Object.fromEntries(next), most]
}

// For each positive pair i < j a pair k, l of two other classes, always the same ones for the same labels.
export function drawsOf(labels) {
  let seed = 7
  const among = (rows) => rows[(seed = (seed * 1103515245 + 12345) % 2147483648) % rows.length]
  const rows = [...labels.keys()]
  if (new Set(labels).size < 3) return []
  const pairs = rows.flatMap((i) => rows.filter((j) => j > i && labels[j] === labels[i]).map((j) => [i, j]))
  return pairs.map(([i, j]) => {
    const k = among(rows.filter((row) => labels[row] !== labels[i]))
    return [i, j, k, among(rows.filter((row) => labels[row] !== labels[i] && labels[row] !== labels[k]))]
  })
}
