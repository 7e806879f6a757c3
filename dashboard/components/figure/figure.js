import { keepZoom } from "./axes.js"
import { blanked, composed, corners, isPoints, withNumbers } from "./compose.js"
import { element, shape, tellPage, turn } from "./dom.js"
import { foreseen } from "./foreseen.js"
import { chaptersOf, fetchLarge, largeOnes } from "./frames.js"
import { Handles } from "./handles.js"
import { Hover } from "./hover.js"
import { Keys } from "./keys.js"
import { beforePlotly, loadPlotly, loadStyle } from "./loading.js"
import { Points } from "./points.js"
import { scaled, scaleOf } from "./scale.js"
import { Scrub } from "./scrub.js"
import { Selection } from "./selection.js"
import { Source } from "./source.js"
import { Table } from "./table.js"
import { templateOf } from "./theme.js"

const PURGED_AFTER = 2000 // milliseconds
const REST = 150 // milliseconds without another frame, after which plotly draws its part of a bar that is dragged
const MODEBAR = ["zoom2d", "pan2d", "resetScale2d"]

// One figure on the page: plotly's node, our canvas behind it, handles and tooltip above, transport bar below.
export class LiveFigure {
  constructor(host) {
    this.host = host
    this.root = element("div", "live-figure", host, { role: "figure" })
    this.stage = element("div", "live-figure-stage", this.root)
    const canvas = element("canvas", "live-figure-points", this.stage, { "aria-hidden": "true" })
    this.plot = element("div", "live-figure-plot", this.stage)
    this.overlay = shape("svg", "live-figure-overlay", this.stage)
    this.points = new Points(canvas, this.plot)
    this.scrub = new Scrub(this)
    this.handles = new Handles(this)
    this.hover = new Hover(this)
    this.selection = new Selection(this)
    this.keys = new Keys(this)
    this.source = new Source(this)
    this.table = new Table(this)
    this.observer = new ResizeObserver(() => this.resize())
    this.observer.observe(this.stage)
  }

  // Busy, for whoever reads the page by its roles, until what was told last is shown, were it without plotly.
  async update(data, report) {
    this.newest = data
    this.report = report
    this.root.setAttribute("aria-busy", "true")
    try {
      await this.take(data)
    } finally {
      this.settle(data)
    }
  }

  settle(data) {
    if (this.newest === data) this.root.removeAttribute("aria-busy")
  }

  async take(told) {
    const data = await this.unfold(told)
    const large = [data.figure_digest, ...data.handles.map(({ digest }) => digest)].filter(Boolean)
    let contents = largeOnes(large)
    if (!contents) {
      if (!this.data) this.stage.style.height = `${data.height * scaleOf()}px`
      contents = await fetchLarge(data.frames_url, large, () => this.report("missing", large[0]))
    }
    if (this.newest !== told || this.closed) return
    Object.assign(this, { data, contents })
    this.fit()
    // What can be shown without plotly is, and moves, before plotly takes the page's only thread for half a second.
    const early = !this.plotly && this.foreseen(this.base)
    const isFirst = !this.drawn
    const ready = early ? loadStyle() : Promise.all([loadStyle(), this.load()])
    const shown = this.present(data, isFirst ? ready.then(turn) : ready)
    if (early) beforePlotly(shown.then(() => this.scrub.opened))
    await shown
    this.settle(told)
    await this.load()
    if (early) await turn()
    if (!this.drawn && !this.overtaken(data)) this.drawPlain(this.composed())
  }

  // The first frames of many come as lists of them.
  async unfold(data) {
    const { chapters = [], frames, frames_url: url } = data
    if (!chapters.length) return data
    const first = await chaptersOf(url, chapters, () => this.report("missing", chapters[0]))
    return { ...data, chapters: [], frames: [...first, ...frames] }
  }

  // Read the figure where it is another one, or is to be of another size.
  fit() {
    // Asked for once: the browser lays the whole page out anew for an answer, after each change of it.
    const scale = scaleOf()
    const { figure: text, figure_digest: digest } = this.data
    const isSame = (digest || text) === this.text && this.scale === scale
    Object.assign(this, { text: digest || text, scale, room: this.stage.clientWidth })
    const stacked = this.stacked?.layout ?? ""
    this.stage.style.height = `${this.height}px` // at once: nothing below jumps when the figure is drawn
    if (isSame && this.layout === stacked) return
    this.layout = stacked
    const read = digest ? this.contents.get(digest) : JSON.parse(text)
    const figure = stacked ? { ...read, layout: JSON.parse(stacked) } : read
    this.base = withNumbers(scaled(figure, scale))
  }

  // How the figure is laid out where the window is narrow, if it is and that differs.
  get stacked() {
    const { stacked } = this.data
    return stacked && this.room < stacked.below ? stacked : null
  }

  async load() {
    this.plotly ??= await loadPlotly(this.data.plotly)
  }

  // A newer message came, or the figure went, while something was loading.
  overtaken(data) {
    return this.data !== data || this.closed
  }

  async present(data, loaded) {
    await loaded
    if (this.overtaken(data)) return
    this.room = this.stage.clientWidth // the style sheet may have come since
    this.root.setAttribute("aria-label", data.alt)
    this.template = templateOf(this.host, this.scale)
    this.hover.set(data.sprite)
    this.handles.set(data.handles)
    this.selection.set(data.select)
    this.keys.set(data.keys)
    this.source.set(data.source)
    await this.scrub.set(data.frames, data.scrub)
    if (this.overtaken(data)) return
    this.table.set(data.table)
    this.selection.refresh()
  }

  // The figure as it stands at the frame chosen now.
  composed() {
    const figure = composed(this.base, this.scrub.content)
    figure.data.forEach((trace, index) => Object.assign(trace, { index }))
    return figure
  }

  get width() {
    return Math.max(120, this.room)
  }

  get height() {
    return (this.stacked?.height ?? this.data.height) * this.scale
  }

  foreseen(figure) {
    return foreseen(figure, this.width, this.height)
  }

  // Draw it; the points glide there. Where the bar is being `dragged`, plotly draws its part once the bar rests: it takes
  // longer than there is from one frame to the next.
  show(seconds, dragged = false) {
    if (!this.base || this.closed) return
    const figure = this.composed()
    this.root.dataset.frame = this.scrub.frames[this.scrub.at]?.name ?? ""
    this.root.classList.toggle("live-figure-with-points", figure.data.some(isPoints))
    clearTimeout(this.plainLater)
    if (this.plotly && dragged && figure.data.some(isPoints)) this.plainLater = setTimeout(() => this.drawPlain(this.composed()), REST)
    else if (this.plotly) this.drawPlain(figure)
    else this.points.gd = this.foreseen(figure) ?? this.plot
    this.points.set(figure.data.filter(isPoints), seconds, this.template.layout.colorway)
    this.handles.settle(figure.data)
    this.table.refresh()
    this.shownWidth = this.width
  }

  // Everything but our points. Plotly is left alone where only points moved, which is most of the time.
  drawPlain(figure) {
    const followed = this.handles.followed
    const plain = figure.data.map((trace) => (isPoints(trace) || followed.has(trace.name) ? blanked(trace) : trace))
    const data = [...plain, ...corners(this.base, this.scrub.contents)]
    const { layout = {} } = figure
    const coarse = matchMedia("(pointer: coarse)").matches
    const dragmode = coarse ? false : layout.dragmode ?? (this.hasLasso ? "lasso" : "zoom")
    const own = { width: this.width, height: this.height, autosize: false, uirevision: "kept", selectionrevision: "kept" }
    const text = JSON.stringify({ data, layout: { ...layout, dragmode, template: this.template, ...own } })
    if (text === this.plainText) return
    this.plainText = text
    const { data: traces, layout: arranged } = JSON.parse(text) // a copy, because plotly writes into what it gets
    keepZoom(this.plot, arranged)
    this.drawn = this.plotly.react(this.plot, traces, arranged, this.configuration(coarse))
    if (!this.listening) this.listen()
    this.redraw()
  }

  get hasLasso() {
    return ["lasso", "both", "mark"].includes(this.data.select)
  }

  configuration(coarse) {
    const buttons = this.hasLasso ? [...MODEBAR, "lasso2d", "select2d"] : MODEBAR
    return { displaylogo: false, displayModeBar: coarse ? false : "hover", modeBarButtons: [buttons], doubleClickDelay: 300 }
  }

  listen() {
    this.listening = true
    for (const event of ["plotly_relayouting", "plotly_relayout", "plotly_afterplot", "plotly_restyle"]) {
      this.plot.on(event, () => this.redraw())
    }
    this.selection.listen()
    // Only now the axes have their places; until then the points keep those that were foreseen.
    this.drawn.then(() => {
      this.points.gd = this.plot
      this.redraw()
    })
  }

  redraw() {
    this.points.schedule()
    this.handles.place()
    this.hover.hide()
  }

  resize() {
    this.room = this.stage.clientWidth
    if (this.closed || !this.data || (this.shownWidth ?? this.width) === this.width) return
    cancelAnimationFrame(this.resizing)
    this.resizing = requestAnimationFrame(() => {
      this.fit()
      this.template = templateOf(this.host, this.scale)
      this.show(0)
    })
  }

  close() {
    this.closed = true
    clearTimeout(this.plainLater)
    this.observer.disconnect()
    this.scrub.close()
    this.handles.close()
    this.selection.close()
    this.keys.close()
    this.source.close()
    this.root.remove()
    tellPage()
    // Plotly speaks once more after drawing, and fails when it was purged before that. Nobody waits for it, and the page
    // that comes instead has much to do.
    this.drawn?.then(() => setTimeout(() => this.plotly.purge(this.plot), PURGED_AFTER))
  }
}
