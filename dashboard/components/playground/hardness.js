// How hard the triplets of a situation are, by the loss's own distance and margin (core/statistics and DESIGN.md): hard
// d_an < d_ap, semi-hard d_an < d_ap + margin, else easy.
import { hardnessMarginOf } from "./losses.js"
import { distancesOf } from "./matrices.js"

export const KINDS = ["hard", "semi-hard", "easy"]

export function hardnessOf(near, far, margin) {
  return far < near ? "hard" : far < near + margin ? "semi-hard" : "easy"
}

// -> { margin, distances, counts by kind, triplets: [anchor, positive, negative, kind] of `anchors`, all without }.
export function hardness(x, anchors) {
  const margin = hardnessMarginOf(x.loss, x.parameters)
  const plain = x.distances ?? distancesOf(x.points, x.size)
  const distances = x.isSquared ? plain.map((value) => value ** 2) : plain
  const counts = Object.fromEntries(KINDS.map((kind) => [kind, 0]))
  const triplets = []
  for (const a of anchors ?? x.labels.keys()) {
    for (const p of x.labels.keys()) {
      if (p === a || x.labels[p] !== x.labels[a]) continue
      for (const n of x.labels.keys()) {
        if (x.labels[n] === x.labels[a]) continue
        const kind = hardnessOf(distances[a * x.count + p], distances[a * x.count + n], margin)
        counts[kind] += 1
        triplets.push([a, p, n, kind])
      }
    }
  }
  return { margin, distances, counts, triplets }
}
