// The few of Python's number formats that readouts use: ",d" ".1%" ".3f" ",.2f" ".2e" ".3g"; text stays text.
export function formatted(value, format) {
  if (typeof value === "string" || !format) return String(value)
  if (value === null || Number.isNaN(value)) return "–"
  const [, comma, digits, kind] = format.match(/^(,?)(?:\.(\d+))?([dfeg%])$/) ?? [null, "", "3", "f"]
  const places = kind === "d" ? 0 : Number(digits ?? 6)
  if (kind === "e") return value.toExponential(places)
  if (kind === "g") return String(Number(value.toPrecision(places || 1)))
  const number = kind === "%" ? 100 * value : value
  const fixed = { minimumFractionDigits: places, maximumFractionDigits: places, useGrouping: comma === "," }
  const text = number.toLocaleString("en-GB", fixed).replace("-", "−")
  return kind === "%" ? `${text} %` : text
}

// "at most {value:.2f}, {impostors:,d} get in" with `look(name)` for each name.
export function filled(sentence, look) {
  return sentence.replace(/\{(\w+)(?::([^}]*))?\}/g, (_, name, format) => formatted(look(name), format ?? ".3f"))
}
