import { toPixel } from "./axes.js"

// The words of a trace with mode "text", in the middle of their places, so that they glide as the points do. Plotly
// would draw its whole figure anew to move them. `meta.rim` is the colour of a rim that parts them from points.
export function drawWords(context, { trace, x, y }, view, ratio, { color, fontFamily }) {
  const { size = 12, family = fontFamily, color: ink = color } = trace.textfont ?? {}
  const { rim } = trace.meta ?? {}
  const { left, top, width, height } = view
  Object.assign(context, { fillStyle: ink, textAlign: "center", textBaseline: "middle", globalCompositeOperation: "source-over" })
  Object.assign(context, { strokeStyle: rim ?? ink, lineWidth: 3 * ratio, lineJoin: "round" })
  context.font = `${size * ratio}px ${family}`
  for (let row = 0; row < x.length; row += 1) {
    const [across, down] = [toPixel(view.x, x[row]), toPixel(view.y, y[row])]
    const inside = across >= left && across <= left + width && down >= top && down <= top + height
    const word = Array.isArray(trace.text) ? trace.text[row] : trace.text
    if (!inside || !word) continue
    if (rim) context.strokeText(word, across * ratio, down * ratio)
    context.fillText(word, across * ratio, down * ratio)
  }
}
