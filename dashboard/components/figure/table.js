import { decoded } from "./arrays.js"
import { element } from "./dom.js"
import { filled } from "./format.js"

const MOST = 200 // rows: of more, so many, evenly spread
const DIGITS = 4

// The numbers behind a figure as a table, for whoever cannot see it. The button shows itself to the keyboard and to
// programs that read a page out; the table is of what is drawn when it is asked for, or stopped at since.
export class Table {
  constructor(figure) {
    Object.assign(this, { figure, words: null, button: null, node: null })
  }

  set(words) {
    this.words = words
    if (!words) return
    if (!this.button) {
      this.button = element("button", "live-figure-table-button", this.figure.root, { type: "button" })
      this.button.onclick = () => (this.node ? this.close() : this.open())
    }
    this.name()
  }

  name() {
    this.button.textContent = this.node ? this.words.hide : this.words.show
    this.button.setAttribute("aria-expanded", String(Boolean(this.node)))
  }

  open() {
    const label = this.figure.data.alt
    this.node = element("div", "live-figure-table", this.figure.root, { role: "region", tabindex: "0", "aria-label": label })
    this.name()
    this.refresh()
  }

  close() {
    this.node.remove()
    this.node = null
    this.name()
  }

  refresh() {
    if (!this.node || this.figure.scrub.playing) return
    const { data, layout = {} } = this.figure.composed()
    const rows = data.flatMap(rowsOf)
    const shown = rows.length <= MOST ? rows : Array.from({ length: MOST }, (_, at) => rows[Math.floor((at * rows.length) / MOST)])
    const table = element("table", "", null)
    const places = { shown: shown.length, all: rows.length }
    element("caption", "", table).textContent = filled(this.words.rows, (name) => places[name])
    const titles = [this.words.series, titleOf(layout, data, "x") ?? this.words.across, titleOf(layout, data, "y") ?? this.words.up]
    if (shown.some((row) => row.length > 3)) titles.push(this.words.value)
    const head = element("tr", "", element("thead", "", table))
    for (const title of titles) element("th", "", head, { scope: "col" }).textContent = title
    const body = element("tbody", "", table)
    for (const row of shown) {
      const line = element("tr", "", body)
      for (const value of row) element("td", "", line).textContent = said(value)
    }
    this.node.replaceChildren(table)
  }
}

function rowsOf(trace) {
  if (trace.visible === false || trace.visible === "legendonly" || trace.mode === "text") return []
  const { x, y, z, name = "" } = decoded({ x: trace.x, y: trace.y, z: trace.z, name: trace.name })
  if (z) return Array.from(z).flatMap((line, up) => Array.from(line, (value, at) => [name, x?.[at] ?? at, y?.[up] ?? up, value]))
  const called = (at) => (Array.isArray(trace.text) && trace.text[at]) || name
  return Array.from({ length: Math.max(x?.length ?? 0, y?.length ?? 0) }, (_, at) => [called(at), x?.[at] ?? at, y?.[at] ?? at])
}

// What an axis is called where all that is drawn has the same one.
function titleOf(layout, data, letter) {
  const axes = new Set(data.map((trace) => trace[`${letter}axis`] ?? letter))
  const title = axes.size === 1 ? layout[`${letter}axis${[...axes][0].slice(1)}`]?.title : null
  const text = (typeof title === "string" ? title : title?.text ?? "").replace(/<[^>]*>/g, "").trim()
  return text || null
}

const said = (value) => (typeof value === "number" ? String(Number(value.toPrecision(DIGITS))) : String(value ?? "").replace(/<[^>]*>/g, ""))
