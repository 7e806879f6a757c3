// The state as the address of the page has it, in signs that an address leaves as they are: points and learned rows in
// hundredths, each point after the letter of its class ("a62_-31b10_99"); values that are not the usual ones
// ("margin-0.3~shape-soft margin"); learned tensors row by row ("proxies.62_-31.10_99~bias.0.0").
const LETTERS = "abcdefghijkl"
const hundredths = (values) => [...values].map((value) => Math.round(100 * value) || 0).join("_")

export function pointsText({ points, labels, size }) {
  return labels.map((label, row) => LETTERS[label] + hundredths(points.subarray(row * size, (row + 1) * size))).join("")
}

export function pointsOf(text) {
  const found = [...text.matchAll(/([a-l])(-?\d+(?:_-?\d+)*)/g)]
  const rows = found.map(([, , numbers]) => numbers.split("_").map((number) => Number(number) / 100))
  return { points: Float64Array.from(rows.flat()), labels: found.map(([, letter]) => LETTERS.indexOf(letter)), size: rows[0]?.length ?? 2 }
}

export function valuesText(values, usual) {
  const changed = Object.entries(values).filter(([name, value]) => value !== usual[name])
  return changed.map(([name, value]) => `${name}-${typeof value === "number" ? Number(value.toPrecision(4)) : value}`).join("~")
}

export function valuesOf(text, usual) {
  const values = { ...usual }
  for (const part of text ? text.split("~") : []) {
    const at = part.indexOf("-")
    const [name, value] = [part.slice(0, at), part.slice(at + 1)]
    if (name in usual) values[name] = typeof usual[name] === "number" ? Number(value) : typeof usual[name] === "boolean" ? value === "true" : value
  }
  return values
}

export function partsText(parts, rows) {
  return Object.entries(parts).map(([name, values]) => {
    const width = values.length / rows[name]
    const lines = Array.from({ length: rows[name] }, (_, row) => hundredths(values.subarray(row * width, (row + 1) * width)))
    return [name, ...lines].join(".")
  }).join("~")
}

export function partsOf(text) {
  const parts = text ? text.split("~").map((part) => part.split(".")) : []
  return Object.fromEntries(parts.map(([name, ...rows]) => [name, Float64Array.from(rows.flatMap((row) => row.split("_").map((value) => Number(value) / 100)))]))
}
