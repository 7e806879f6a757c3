// How high the loss would be with one point elsewhere: counted a little in each frame, so that nothing stutters, and
// drawn faintly behind the points once it is whole.
import { situationGiven } from "./descent.js"
import { situationOf } from "./losses.js"

const SIDE = 40 // cells across
const AROUND = 180 // places on a circle
const BUDGET = 3 // milliseconds of a frame

export class Landscape {
  constructor() {
    this.image = document.createElement("canvas")
    this.work = null
  }

  // Count on, or begin anew where nothing is under way and the state is another one. -> whether something is new.
  tick(state, loss, row, projection, stamp) {
    if (!this.work && stamp === this.stamp) return false
    this.work ??= { stamp, at: 0, values: [], places: placesOf(state, projection), state, loss, row }
    const { work } = this
    const end = performance.now() + BUDGET
    while (work.at < work.places.length && performance.now() < end) {
      const place = work.places[work.at]
      work.values.push(place ? valueWith(work.state, work.loss, work.row, place) : NaN)
      work.at += 1
    }
    if (work.at < work.places.length) return false
    const known = work.values.filter((value) => !Number.isNaN(value))
    Object.assign(this, { values: work.values, stamp: work.stamp, space: work.state.space, low: Math.min(...known), high: Math.max(...known), work: null })
    return true
  }

  forget() {
    this.stamp = this.work = this.values = null
  }

  draw(context, projection, colour) {
    if (!this.values || !(this.high > this.low)) return
    const shade = (value) => 0.05 + 0.5 * ((value - this.low) / (this.high - this.low))
    if (this.space === "circle") this.drawRing(context, projection, colour, shade)
    else this.drawCells(context, projection, colour, shade)
  }

  drawRing(context, projection, colour, shade) {
    context.strokeStyle = colour
    context.lineWidth = 16
    this.values.forEach((value, at) => {
      const [from, to] = [at, at + 1.1].map((step) => (-2 * Math.PI * step) / AROUND)
      context.globalAlpha = shade(value)
      context.beginPath()
      context.arc(projection.width / 2, projection.height / 2, projection.scale + 22, to, from)
      context.stroke()
    })
    context.globalAlpha = 1
  }

  drawCells(context, { width, height }, colour, shade) {
    const { image } = this
    image.width = image.height = SIDE
    const pen = image.getContext("2d")
    pen.fillStyle = colour
    this.values.forEach((value, at) => {
      if (Number.isNaN(value)) return
      pen.globalAlpha = shade(value)
      pen.fillRect(at % SIDE, Math.floor(at / SIDE), 1, 1)
    })
    const side = Math.min(width, height)
    context.drawImage(image, (width - side) / 2, (height - side) / 2, side, side)
  }
}

function placesOf({ space }, projection) {
  if (space === "circle") {
    return Array.from({ length: AROUND }, (_, at) => [Math.cos((2 * Math.PI * (at + 0.5)) / AROUND), Math.sin((2 * Math.PI * (at + 0.5)) / AROUND)])
  }
  const side = Math.min(projection.width, projection.height)
  const [left, top] = [(projection.width - side) / 2, (projection.height - side) / 2]
  return Array.from({ length: SIDE * SIDE }, (_, at) => {
    const [px, py] = [left + (((at % SIDE) + 0.5) * side) / SIDE, top + ((Math.floor(at / SIDE) + 0.5) * side) / SIDE]
    const isBeside = space === "sphere" && Math.hypot(px - projection.width / 2, py - projection.height / 2) > projection.scale
    return isBeside ? null : projection.fromStage(px, py)
  })
}

function valueWith(state, loss, row, place) {
  const points = Float64Array.from(state.points)
  points.set(place, row * state.size)
  const x = situationOf(situationGiven({ ...state, points }, loss))
  return x.kind.evaluate(x).objective
}
