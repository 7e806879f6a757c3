// The parameters of a loss as sliders with a field for the exact number, in the bounds that core declares.
import { element } from "./dom.js"

const STEPS = 400

// A bound far beyond the usual value would leave no room for the useful part: the usual value then stands at 0.35 of
// the track, and the track is a power. -> [value of a place 0..1, place of a value].
export function trackOf({ low, high, usual }) {
  const linear = (usual - low) / (high - low)
  const power = linear > 0.15 ? 1 : linear > 0 ? Math.log(linear) / Math.log(0.35) : 3
  return [(place) => low + (high - low) * place ** power, (value) => Math.max(0, (value - low) / (high - low)) ** (1 / power)]
}

// A number as it reads well: three digits, no more than the bounds let it have.
function rounded(value, { low, high, whole }) {
  const text = whole ? Math.round(value) : Number(value.toPrecision(3))
  return Math.min(high, Math.max(low, text))
}

// One line: name, slider, field. `given`: { name, label, unit, help, low, high, usual, whole }.
export function slider(parent, given, onMove, onRelease) {
  const line = element("label", "playground-slider", parent, { title: given.help })
  element("span", "playground-slider-name", line, {}, given.label)
  const range = element("input", "playground-range", line, { type: "range", min: 0, max: STEPS, step: 1, "aria-label": given.label })
  const field = element("input", "playground-field", line, { type: "number", min: given.low, max: given.high, step: "any", "aria-label": given.label })
  const [valueAt, placeAt] = trackOf(given)
  const show = (value) => {
    range.value = Math.round(STEPS * placeAt(value))
    range.style.setProperty("--done", `${(100 * range.value) / STEPS}%`)
    range.setAttribute("aria-valuetext", given.unit ? `${value} ${given.unit}` : String(value))
    if (document.activeElement !== field) field.value = value
  }
  range.oninput = () => onMove(rounded(valueAt(range.value / STEPS), given))
  range.onchange = onRelease
  field.onchange = () => {
    const value = Number(field.value)
    const isRight = field.value !== "" && value >= given.low && value <= given.high
    if (isRight) onMove(given.whole ? Math.round(value) : value)
    field.value = isRight ? value : field.defaultValue
    if (isRight) onRelease()
  }
  return { line, show: (value) => ((field.defaultValue = value), show(value)) }
}

// A choice among a few: { name, label, help, choices: [[value, words], ...] }.
export function choice(parent, given, onChoose) {
  const line = element("label", "playground-choice", parent, { title: given.help })
  element("span", "playground-slider-name", line, {}, given.label)
  const select = element("select", "playground-select", line, { "aria-label": given.label })
  for (const [value, words] of given.choices) element("option", "", select, { value: String(value) }, words)
  select.onchange = () => onChoose(given.choices.find(([value]) => String(value) === select.value)[0])
  return { line, show: (value) => (select.value = String(value)) }
}

export function toggle(parent, label, help, onToggle) {
  const line = element("label", "playground-toggle", parent, { title: help })
  const box = element("input", "", line, { type: "checkbox" })
  element("span", "", line, {}, label)
  box.onchange = () => onToggle(box.checked)
  return { line, show: (value) => (box.checked = Boolean(value)) }
}
