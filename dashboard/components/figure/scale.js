// Pages are laid out for a root font of this many pixels (baseFontSize in .streamlit/config.toml). On a large screen the
// root font grows (dashboard/pages.css), and with it the height, type, points, lines and margins of a figure; what its
// frames say in pixels, handles and the transport bar stay as they are.
const LAID_OUT_FOR = 15

export const scaleOf = () => parseFloat(getComputedStyle(document.documentElement).fontSize) / LAID_OUT_FOR || 1

const isNumber = (value) => typeof value === "number"
const isList = (value) => Array.isArray(value) || ArrayBuffer.isView(value)

// Numbers of an object, or of a list, times the factor; all else as it is.
function times(value, names, factor) {
  if (!value) return value
  const grown = (number) => (isNumber(number) ? number * factor : isList(number) ? Array.from(number, grown) : number)
  return { ...value, ...Object.fromEntries(names.filter((name) => name in value).map((name) => [name, grown(value[name])])) }
}

function withParts(value, parts) {
  const there = Object.entries(parts).filter(([name]) => value[name])
  return { ...value, ...Object.fromEntries(there.map(([name, grow]) => [name, grow(value[name])])) }
}

// The figure with its type, points, lines and margins that many times as large.
export function scaled(figure, factor) {
  if (factor === 1) return figure
  const font = (value) => times(value, ["size"], factor)
  const line = (value) => times(value, ["width"], factor)
  const pad = (value) => times(value, ["l", "r", "t", "b"], factor)
  const title = (value) => withParts(times(value, ["standoff"], factor), { font, pad })
  const axis = (value) => {
    const standoff = value.ticklabelstandoff // plotly takes whole pixels alone
    const whole = standoff ? { ...value, ticklabelstandoff: Math.round(standoff * factor) } : value
    return withParts(times(whole, ["ticklen"], factor), { tickfont: font, title })
  }
  const marker = (value) => withParts(times(value, ["size"], factor), { line })
  const annotation = (value) => withParts(times(value, ["xshift", "yshift", "ax", "ay"], factor), { font })
  const annotations = (list) => list.map(annotation)
  const margin = (value) => times(pad(value), ["pad"], factor)
  const axes = Object.keys(figure.layout ?? {}).filter((name) => /^[xy]axis\d*$/.test(name))
  const layout = withParts(figure.layout ?? {}, {
    font, margin, annotations, title, legend: title, ...Object.fromEntries(axes.map((name) => [name, axis])),
  })
  return { ...figure, layout, data: figure.data.map((trace) => withParts(trace, { marker, line, textfont: font })) }
}
