import { element, shape } from "./dom.js"

const REACH = 8 // pixels; what shows a tooltip can be clicked
const FINGER_REACH = 22 // half of what a finger covers
const TILE = 84

// The tooltip of the point under the pointer: its text, and its tiles out of the sprite. In a figure of several maps, of
// which the traces say in `meta.place` which they are, a ring is around the point of the same id in each of them.
export class Hover {
  constructor(figure) {
    this.figure = figure
    this.tip = element("div", "live-figure-tip", figure.stage, { role: "tooltip", hidden: "" })
    this.ring = this.newRing()
    this.twins = []
    figure.stage.addEventListener("pointermove", (event) => this.at(event))
    figure.stage.addEventListener("pointerleave", () => this.hide())
  }

  set(sprite) {
    if (sprite?.url !== this.sprite?.url) {
      this.image = sprite ? new Image() : null
      if (sprite) this.image.src = new URL(sprite.url, document.baseURI).href
    }
    this.sprite = sprite
  }

  at(event) {
    const onAxes = event.target.closest?.(".nsewdrag, .live-figure-handle")
    const point = event.buttons || !onAxes ? null : this.pointAt(event)
    point ? this.show(point) : this.hide()
  }

  show(point) {
    if (this.row !== point.row || this.trace !== point.state.trace) this.fill(point)
    putAround(this.ring, point)
    this.ringTwins(point)
    this.place(point)
  }

  newRing() {
    return shape("circle", "live-figure-ring", this.figure.overlay, { r: 7, visibility: "hidden" })
  }

  ringTwins(point) {
    const twins = this.figure.points.twinsOf(point)
    while (this.twins.length < twins.length) this.twins.push(this.newRing())
    this.twins.forEach((ring, row) => (twins[row] ? putAround(ring, twins[row]) : ring.setAttribute("visibility", "hidden")))
  }

  pointAt(event) {
    const box = this.figure.stage.getBoundingClientRect()
    const reach = event.pointerType === "touch" ? FINGER_REACH : REACH
    return this.figure.points.nearest(event.clientX - box.left, event.clientY - box.top, reach)
  }

  fill({ state: { trace }, row }) {
    this.row = row
    this.trace = trace
    this.tip.replaceChildren()
    const data = trace.customdata?.[row]
    const tiles = data === undefined || data === null ? [] : typeof data === "number" ? [data] : [...data]
    if (this.image?.complete && this.image.naturalWidth && tiles.length) this.drawTiles(tiles, trace.meta?.captions ?? [])
    const text = wordsOf({ state: { trace }, row })
    if (text) element("div", "live-figure-tip-text", this.tip).textContent = text
    this.tip.hidden = !this.tip.childNodes.length
  }

  drawTiles(tiles, captions) {
    const { tile_width: width, tile_height: height, columns } = this.sprite
    const scale = Math.max(1, Math.floor(TILE / height))
    const row = element("div", "live-figure-tiles", this.tip)
    tiles.forEach((tile, k) => {
      const box = element("div", "live-figure-tile", row)
      const canvas = element("canvas", "", box, { width: width * scale, height: height * scale })
      const context = canvas.getContext("2d")
      context.imageSmoothingEnabled = false
      const [left, top] = [(tile % columns) * width, Math.floor(tile / columns) * height]
      context.drawImage(this.image, left, top, width, height, 0, 0, canvas.width, canvas.height)
      if (captions[k]) element("span", "", box).textContent = captions[k]
    })
  }

  // Beside the point, on the side with more room.
  place({ x, y }) {
    const { clientWidth, clientHeight } = this.figure.stage
    const { offsetWidth, offsetHeight } = this.tip
    const left = x + 14 + offsetWidth > clientWidth ? Math.max(0, x - 14 - offsetWidth) : x + 14
    const top = Math.max(0, Math.min(clientHeight - offsetHeight, y - offsetHeight / 2))
    this.tip.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`
  }

  hide() {
    if (this.row === undefined) return
    this.row = this.trace = undefined
    this.tip.hidden = true
    for (const ring of [this.ring, ...this.twins]) ring.setAttribute("visibility", "hidden")
  }
}

function putAround(ring, { x, y }) {
  ring.setAttribute("cx", x)
  ring.setAttribute("cy", y)
  ring.setAttribute("visibility", "visible")
}

// What is said of a point.
export function wordsOf({ state: { trace }, row }) {
  return String((Array.isArray(trace.text) ? trace.text[row] : trace.text ?? trace.name) ?? "")
}
