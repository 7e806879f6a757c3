import { toPixel, viewOf } from "./axes.js"

// Plotly's grid would lie over our points, so where we draw points we draw the grid too, beneath what is there.
export function drawGrid(context, gd, ratio) {
  context.globalCompositeOperation = "destination-over"
  for (const { xaxis, yaxis } of Object.values(gd._fullLayout?._plots ?? {})) {
    const view = viewOf(gd, xaxis._id, yaxis._id)
    if (!view) continue
    const [right, bottom] = [view.left + view.width, view.top + view.height]
    lines(context, view.x, ratio, view.left, right, (at) => [at, view.top, at, bottom])
    lines(context, view.y, ratio, view.top, bottom, (at) => [view.left, at, right, at])
  }
}

function lines(context, line, ratio, from, to, ends) {
  if (!line.axis.showgrid || !line.axis.visible) return
  context.strokeStyle = line.axis.gridcolor
  context.lineWidth = Math.max(1, Math.round(ratio))
  context.beginPath()
  for (const { x: value, minor } of line.axis._vals ?? []) {
    const at = toPixel(line, value)
    if (minor || at < from || at > to) continue
    const [x1, y1, x2, y2] = ends(at).map((place) => Math.round(place * ratio) + (ratio % 2 ? 0.5 : 0))
    context.moveTo(x1, y1)
    context.lineTo(x2, y2)
  }
  context.stroke()
}
