import { keepZoom } from "./axes.js"
import { blanked, composed, corners, isPoints, withNumbers } from "./compose.js"
import { element, shape } from "./dom.js"
import { foreseen } from "./foreseen.js"
import { Handles } from "./handles.js"
import { Hover } from "./hover.js"
import { beforePlotly, loadPlotly, loadStyle } from "./loading.js"
import { Points } from "./points.js"
import { scaled, scaleOf } from "./scale.js"
import { Scrub } from "./scrub.js"
import { Selection } from "./selection.js"
import { Source } from "./source.js"
import { templateOf } from "./theme.js"

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
    this.source = new Source(this)
    this.observer = new ResizeObserver(() => this.resize())
    this.observer.observe(this.stage)
  }

  async update(data, report) {
    this.data = data
    this.report = report
    this.fit()
    // What can be shown without plotly is, and moves, before plotly takes the page's only thread for half a second.
    const early = !this.plotly && this.foreseen(this.base)
    const shown = this.present(data, early ? loadStyle() : Promise.all([loadStyle(), this.load()]))
    if (early) beforePlotly(shown.then(() => this.scrub.opened))
    await shown
    await this.load()
    if (!this.drawn && !this.overtaken(data)) this.drawPlain(this.composed())
  }

  // Read the figure where it is another one, or is to be of another size.
  fit() {
    const scale = scaleOf()
    const stacked = this.stacked?.layout ?? ""
    this.stage.style.height = `${this.height}px` // at once: nothing below jumps when the figure is drawn
    if (this.data.figure === this.text && this.layout === stacked && this.scale === scale) return
    Object.assign(this, { text: this.data.figure, layout: stacked, scale })
    const figure = JSON.parse(this.text)
    if (stacked) figure.layout = JSON.parse(stacked)
    this.base = withNumbers(scaled(figure, scale))
  }

  // How the figure is laid out where the window is narrow, if it is and that differs.
  get stacked() {
    const { stacked } = this.data
    return stacked && this.stage.clientWidth < stacked.below ? stacked : null
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
    this.root.setAttribute("aria-label", data.alt)
    this.template = templateOf(this.host, this.scale)
    this.hover.set(data.sprite)
    this.handles.set(data.handles)
    this.selection.set(data.select)
    this.source.set(data.source)
    await this.scrub.set(data.frames, data.scrub)
  }

  // The figure as it stands at the frame chosen now.
  composed() {
    const figure = composed(this.base, this.scrub.content)
    figure.data.forEach((trace, index) => Object.assign(trace, { index }))
    return figure
  }

  get width() {
    return Math.max(120, this.stage.clientWidth)
  }

  get height() {
    return (this.stacked?.height ?? this.data.height) * scaleOf()
  }

  foreseen(figure) {
    return foreseen(figure, this.width, this.height)
  }

  // Draw it; the points glide there.
  show(seconds) {
    if (!this.base || this.closed) return
    const figure = this.composed()
    this.root.dataset.frame = this.scrub.frames[this.scrub.at]?.name ?? ""
    this.root.classList.toggle("live-figure-with-points", figure.data.some(isPoints))
    if (this.plotly) this.drawPlain(figure)
    else this.points.gd = this.foreseen(figure) ?? this.plot
    this.points.set(figure.data.filter(isPoints), seconds, this.template.layout.colorway)
    this.handles.settle(figure.data)
    this.shownWidth = this.width
  }

  // Everything but our points. Plotly is left alone where only points moved, which is most of the time.
  drawPlain(figure) {
    const followed = this.handles.followed
    const plain = figure.data.map((trace) => (isPoints(trace) || followed.has(trace.name) ? blanked(trace) : trace))
    const data = [...plain, ...corners(this.base, this.scrub.contents)]
    const { layout = {} } = figure
    const coarse = matchMedia("(pointer: coarse)").matches
    const dragmode = coarse ? false : layout.dragmode ?? (this.data.select === "lasso" ? "lasso" : "zoom")
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

  configuration(coarse) {
    const buttons = this.data.select === "lasso" ? [...MODEBAR, "lasso2d"] : MODEBAR
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
    if (this.closed || (this.shownWidth ?? this.width) === this.width) return
    cancelAnimationFrame(this.resizing)
    this.resizing = requestAnimationFrame(() => {
      this.fit()
      this.template = templateOf(this.host, this.scale)
      this.show(0)
    })
  }

  close() {
    this.closed = true
    this.observer.disconnect()
    this.scrub.close()
    this.handles.close()
    this.selection.close()
    this.source.close()
    this.root.remove()
    // Plotly speaks once more after drawing, and fails when it was purged before that.
    this.drawn?.then(() => this.plotly.purge(this.plot))
  }
}
