// One small list of pixels for each look of a point, in four places half a pixel apart, so that slow points glide.
const stamps = new Map()
const scratch = document.createElement("canvas").getContext("2d", { willReadFrequently: true })

export function stampOf(symbol, colour, size, line, ratio) {
  const key = `${symbol}|${colour}|${size}|${line.width}|${line.color}|${ratio}`
  if (!stamps.has(key)) {
    if (stamps.size > 2000) stamps.clear()
    stamps.set(key, stampedOnce(String(symbol), colour, (size / 2) * ratio, line, ratio))
  }
  return stamps.get(key)
}

function stampedOnce(symbol, colour, radius, line, ratio) {
  const half = Math.ceil(radius * 1.35 + (line.width ?? 0) * ratio + 1)
  const phases = [0, 1, 2, 3].map((phase) => {
    const size = 2 * half + 1
    Object.assign(scratch.canvas, { width: size, height: size }) // also clears it and its transform
    scratch.translate(half + (phase & 1) / 2 + 0.25, half + (phase >> 1) / 2 + 0.25)
    paint(scratch, symbol, colour, radius, line, ratio)
    return pixelsOf(scratch.getImageData(0, 0, size, size).data, size, half)
  })
  return { half, phases }
}

// The painted pixels alone: where they lie from the middle, and their colours.
function pixelsOf(data, size, half) {
  const places = [...Array(size * size).keys()].filter((place) => data[4 * place + 3] > 0)
  const words = new Uint32Array(data.buffer)
  const colours = Int32Array.from(places, (place) => words[place] & 0xffffff)
  const alphas = Uint8Array.from(places, (place) => data[4 * place + 3])
  const across = Int16Array.from(places, (place) => (place % size) - half)
  const down = Int16Array.from(places, (place) => Math.floor(place / size) - half)
  return { across, down, colours, alphas, count: places.length }
}

function paint(context, symbol, colour, radius, line, ratio) {
  context.fillStyle = context.strokeStyle = colour
  trace(context, symbol.replace("-open", ""), radius)
  if (symbol.endsWith("-open")) {
    context.lineWidth = Math.max(1.5 * ratio, (line.width ?? 0) * ratio)
    context.stroke()
    return
  }
  context.fill()
  if (!line.width) return
  context.strokeStyle = line.color ?? colour
  context.lineWidth = line.width * ratio
  context.stroke()
}

function trace(context, symbol, r) {
  context.beginPath()
  if (symbol === "diamond") polygon(context, [0, -1.3, 1.3, 0, 0, 1.3, -1.3, 0], r)
  else if (symbol === "triangle-up") polygon(context, [0, -1.2, 1.1, 0.75, -1.1, 0.75], r)
  else if (symbol === "triangle-down") polygon(context, [0, 1.2, 1.1, -0.75, -1.1, -0.75], r)
  else if (symbol === "square") polygon(context, [-0.9, -0.9, 0.9, -0.9, 0.9, 0.9, -0.9, 0.9], r)
  else if (symbol === "star") polygon(context, STAR, r)
  else if (symbol === "cross") cross(context, r)
  else if (symbol === "x") {
    context.rotate(Math.PI / 4)
    cross(context, r)
  } else context.arc(0, 0, r, 0, 2 * Math.PI)
}

// Five points outside, five notches inside, from the top on.
const STAR = Array.from({ length: 10 }, (_, corner) => [Math.PI * (corner / 5 - 0.5), corner % 2 ? 0.6 : 1.35])
  .flatMap(([angle, reach]) => [reach * Math.cos(angle), reach * Math.sin(angle)])

function polygon(context, corners, r) {
  for (let i = 0; i < corners.length; i += 2) context.lineTo(corners[i] * r, corners[i + 1] * r)
  context.closePath()
}

function cross(context, r) {
  const [long, short] = [1.2, 0.38]
  polygon(context, [-short, -long, short, -long, short, -short, long, -short, long, short, short, short,
    short, long, -short, long, -short, short, -long, short, -long, -short, -short, -short], r)
}
