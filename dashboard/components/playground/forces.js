// What pulls and what pushes: for every pair of points, or point and class, that the loss moves, which way and how hard.

// -> { links: [{ from, to, isSame, isPull, weight }], net } with `net` = minus the gradient; `to` is a class where the
// loss compares with classes. A weight of 0 stands for a pair that is left alone.
export function forcesOf(x, result) {
  const isOfClasses = x.across !== x.count || x.kind.rows
  const links = isOfClasses ? classLinks(x, result) : pairLinks(x, result)
  return { links, net: result.gradient.map((value) => -value), isOfClasses: Boolean(isOfClasses) }
}

function pairLinks(x, result) {
  const links = []
  const sign = x.kind.compares === "distance" ? 1 : -1
  for (let i = 0; i < x.count; i += 1) {
    for (let j = i + 1; j < x.count; j += 1) {
      const [there, back] = [i * x.count + j, j * x.count + i]
      const chord = result.chords ? result.chords[there] + result.chords[back] : 0
      const weight = sign * (result.matrix[there] + result.matrix[back]) + chord
      const isSame = x.labels[i] === x.labels[j]
      const isLooked = !x.positive || x.positive[there] || x.negative[there] || x.positive[back] || x.negative[back] || weight
      if (isLooked) links.push({ from: i, to: j, isSame, isPull: weight ? weight > 0 : isSame, weight: Math.abs(weight) })
    }
  }
  return links
}

function classLinks(x, result) {
  const links = []
  for (let row = 0; row < x.count; row += 1) {
    for (let c = 0; c < x.across; c += 1) {
      const weight = -result.matrix[row * x.across + c]
      links.push({ from: row, to: c, isSame: x.labels[row] === c, isPull: weight ? weight > 0 : x.labels[row] === c, weight: Math.abs(weight) })
    }
  }
  return links
}

// The pull or push of one link on each of its points: minus its part of the gradient, (N x D).
export const partOf = (result, { from, to }) => result.gradientOf(from, to).map((value) => -value)

// The largest length of a vector among rows.
export function longest(rows, size) {
  let most = 0
  for (let at = 0; at < rows.length; at += size) {
    let squares = 0
    for (let k = at; k < at + size; k += 1) squares += rows[k] ** 2
    most = Math.max(most, squares)
  }
  return Math.sqrt(most)
}

