import { toPixel } from "./axes.js"

// The words of a trace with mode "text", in the middle of their places, so that they glide as the points do. Plotly
// would draw its whole figure anew to move them. `meta.rim` is the colour of a rim that parts them from points. Words
// that would lie on one another give way; `state.share` says how far they have come to where they stand at last.
export function drawWords(context, state, view, ratio, style) {
  const { trace, x, y, share = 1 } = state
  const { size = 12, family = style.fontFamily, color: ink = style.color } = trace.textfont ?? {}
  const { rim } = trace.meta ?? {}
  const { left, top, width, height } = view
  Object.assign(context, { fillStyle: ink, textAlign: "center", textBaseline: "middle", globalCompositeOperation: "source-over" })
  Object.assign(context, { strokeStyle: rim ?? ink, lineWidth: 3 * ratio, lineJoin: "round" })
  context.font = `${size * ratio}px ${family}`
  if (state.asideIn !== placing(view)) {
    state.aside = aside(boxesOf(context, state, view, size, ratio), view)
    state.asideIn = placing(view)
  }
  state.shift = state.aside.map((end, row) => between(state.shiftBefore?.[row] ?? end, end, share))
  for (let row = 0; row < x.length; row += 1) {
    const [across, down] = [toPixel(view.x, x[row]), toPixel(view.y, y[row])]
    const inside = across >= left && across <= left + width && down >= top && down <= top + height
    const word = wordAt(trace, row)
    if (!inside || !word) continue
    const [right, below] = state.shift[row]
    if (rim) context.strokeText(word, (across + right) * ratio, (down + below) * ratio)
    context.fillText(word, (across + right) * ratio, (down + below) * ratio)
  }
}

const wordAt = (trace, row) => (Array.isArray(trace.text) ? trace.text[row] : trace.text)

const between = ([x, y], [toX, toY], share) => [x + (toX - x) * share, y + (toY - y) * share]

// Where a view puts values; words are placed anew when this changes.
const placing = ({ x, y, width, height }) => [x.scale, x.shift, y.scale, y.shift, width, height].join()

// Middle, width and height of each word at the end of its way, in pixels of the stage.
function boxesOf(context, { trace, targetX, targetY }, view, size, ratio) {
  return Array.from(targetX, (value, row) => {
    const width = context.measureText(wordAt(trace, row) ?? "").width / ratio
    return [toPixel(view.x, value), toPixel(view.y, targetY[row]), width, 1.1 * size]
  })
}

const overlap = ([x, y, width, height], [otherX, otherY, otherWidth, otherHeight]) =>
  Math.abs(x - otherX) < (width + otherWidth) / 2 && Math.abs(y - otherY) < (height + otherHeight) / 2

// How far each word stands from its place, [right, down]: the nearest way in which it lies on none of those before it
// and within the view; where there is none it stays.
export function aside(boxes, { left, top, width, height }) {
  const placed = []
  return boxes.map(([x, y, wide, high]) => {
    const ways = [[0, 0], [0, -high], [0, high], [wide / 2, -high], [-wide / 2, -high], [wide / 2, high], [-wide / 2, high],
      [wide, 0], [-wide, 0], [0, -2 * high], [0, 2 * high]]
    const fits = ([right, down]) =>
      x + right >= left && x + right <= left + width && y + down >= top && y + down <= top + height &&
      !placed.some((other) => overlap([x + right, y + down, wide, high], other))
    const way = ways.find(fits) ?? [0, 0]
    placed.push([x + way[0], y + way[1], wide, high])
    return way
  })
}
