// One small picture for each look of a point; stamping it is several times faster than filling a path a point.
const stamps = new Map()

export function stampOf(symbol, colour, size, line, ratio) {
  const key = `${symbol}|${colour}|${size}|${line.width}|${line.color}|${ratio}`
  if (!stamps.has(key)) {
    if (stamps.size > 2000) stamps.clear()
    stamps.set(key, painted(symbol, colour, size, line, ratio))
  }
  return stamps.get(key)
}

function painted(symbol, colour, size, line, ratio) {
  const name = String(symbol)
  const radius = (size / 2) * ratio
  const stroke = (line.width ?? 0) * ratio
  const half = Math.ceil(radius * 1.35 + stroke + 1)
  const canvas = document.createElement("canvas")
  canvas.width = canvas.height = 2 * half
  const context = canvas.getContext("2d")
  context.translate(half, half)
  context.fillStyle = context.strokeStyle = colour
  trace(context, name.replace("-open", ""), radius)
  if (name.endsWith("-open")) {
    context.lineWidth = Math.max(1.5 * ratio, stroke)
    context.stroke()
  } else {
    context.fill()
    if (stroke) {
      context.strokeStyle = line.color ?? colour
      context.lineWidth = stroke
      context.stroke()
    }
  }
  return { canvas, half }
}

function trace(context, symbol, r) {
  context.beginPath()
  if (symbol === "diamond") polygon(context, [0, -1.3, 1.3, 0, 0, 1.3, -1.3, 0], r)
  else if (symbol === "triangle-up") polygon(context, [0, -1.2, 1.1, 0.75, -1.1, 0.75], r)
  else if (symbol === "triangle-down") polygon(context, [0, 1.2, 1.1, -0.75, -1.1, -0.75], r)
  else if (symbol === "square") polygon(context, [-0.9, -0.9, 0.9, -0.9, 0.9, 0.9, -0.9, 0.9], r)
  else if (symbol === "cross") cross(context, r)
  else if (symbol === "x") {
    context.rotate(Math.PI / 4)
    cross(context, r)
  } else context.arc(0, 0, r, 0, 2 * Math.PI)
}

function polygon(context, corners, r) {
  for (let i = 0; i < corners.length; i += 2) context.lineTo(corners[i] * r, corners[i + 1] * r)
  context.closePath()
}

function cross(context, r) {
  const [long, short] = [1.2, 0.38]
  polygon(context, [-short, -long, short, -long, short, -short, long, -short, long, short, short, short,
    short, long, -short, long, -short, short, -long, short, -long, -short, -short, -short], r)
}
