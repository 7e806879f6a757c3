// What the reader can change, out of the texts of an address and back, with what was done before it to undo.
import { partsOf, partsText, pointsOf, pointsText, valuesOf, valuesText } from "./address.js"
import { drawsOf, onSphere } from "./descent.js"
import { startingParts } from "./losses.js"

const MOST_UNDONE = 200

// `texts`: { space, points, values, parts }; `usual`: every value where the address says nothing.
export function stateOf(texts, loss, usual) {
  const { points, labels, size } = pointsOf(texts.points)
  const classes = Math.max(...labels) + 1
  const values = valuesOf(texts.values, usual)
  const state = { space: texts.space, points: texts.space === "plane" ? points : onSphere(points, size), labels, size, classes, values, step: 1 }
  state.draws = drawsOf(labels)
  state.names = namesOf(state)
  return withParts(state, loss, partsOf(texts.parts))
}

// What the loss learns, as it stands in the address or else as it starts.
export function withParts(state, loss, known = state.parts) {
  const started = startingParts(loss, state.values, state.classes, state.size)
  const fitting = Object.entries(started).map(([name, rows]) => [name, known[name]?.length === rows.length ? known[name] : rows])
  return { ...state, parts: Object.fromEntries(fitting) }
}

export function textsOf(state, loss, usual) {
  const started = startingParts(loss, state.values, state.classes, state.size)
  const rows = Object.fromEntries(Object.keys(state.parts).map((name) => [name, rowsIn(name, state)]))
  const [parts, first] = [partsText(state.parts, rows), partsText(started, rows)]
  return { space: state.space, points: pointsText(state), values: valuesText(state.values, usual), parts: parts === first ? "" : parts }
}

// A tensor has a row for each class, or one number alone.
export const rowsIn = (name, { parts, classes, size }) => (["bias", "boundary"].includes(name) ? parts[name].length : Math.min(classes, parts[name].length / size))

// One anchor with a positive and a negative is called so; of more points each has the letter of its class and a number.
export const isTriplet = ({ labels, values }) => labels.join() === "0,0,1" && values.anchors !== "all"

function namesOf({ labels, values }) {
  if (isTriplet({ labels, values })) return ["a", "p", "n"]
  return labels.map((label, row) => "ABCDEFGHIJKL"[label] + labels.slice(0, row + 1).filter((other) => other === label).length)
}

export const renamed = (state) => ({ ...state, names: namesOf(state) })

// States before and after the one that is shown.
export class History {
  constructor() {
    this.clear()
  }

  clear() {
    Object.assign(this, { before: [], after: [] })
  }

  keep(state) {
    this.before = [...this.before, state].slice(-MOST_UNDONE)
    this.after = []
  }

  undo(state) {
    this.after.push(state)
    return this.before.pop()
  }

  redo(state) {
    this.before.push(state)
    return this.after.pop()
  }
}
