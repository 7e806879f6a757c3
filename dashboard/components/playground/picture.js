// What stands on the stage behind its handles: the space, bands of hardness, links, arrows, and the marks of points.
import { forcesOf, longest, partOf } from "./forces.js"

const ALL_PARTS = 4 // points up to which each pull and push has its own arrow; of more, those of the chosen point
const LONGEST = 90 // pixels of an arrow, at most

// `scene`: { x, result, hard, state, projection, colours, chosen, scale, landscape, shows, anchor }.
export function drawScene(context, scene) {
  const { projection: { width, height } } = scene
  context.clearRect(0, 0, width, height)
  scene.landscape?.draw(context, scene.projection, scene.colours.scale[1])
  drawSpace(context, scene)
  const labels = [...(scene.shows.bands ? drawBands(context, scene) : []), ...drawRings(context, scene)]
  const forces = forcesOf(scene.x, scene.result)
  drawLinks(context, scene, forces)
  const taken = scene.x.count > ALL_PARTS ? [] : forces.links.map((link) => middleOf(...endsOf(scene, forces, link)))
  for (const label of labels) drawLabel(context, scene, label, taken)
  if (!scene.shows.arrows) return
  drawArrows(context, scene, forces)
  drawNet(context, scene, forces)
  drawUnit(context, scene)
}

const rowAt = (values, row, size) => [...values.subarray(row * size, (row + 1) * size)]
export const placeOf = ({ x, projection }, row) => projection.toStage(rowAt(x.points, row, x.size))

// Where a class's learned row stands: within reach, however long it is.
export function rowPlace(scene, name, row) {
  const { x, projection } = scene
  return projection.toStage(rowAt(x.learned[name], row, x.size))
}

function drawSpace(context, { projection, state, colours }) {
  const [middle, up] = [projection.width / 2, projection.height / 2]
  context.strokeStyle = colours.muted
  context.lineWidth = 1
  context.globalAlpha = state.space === "plane" ? 0.35 : 0.8
  context.beginPath()
  if (state.space === "plane") {
    context.moveTo(0, up), context.lineTo(projection.width, up)
    context.moveTo(middle, 0), context.lineTo(middle, projection.height)
  } else context.arc(middle, up, projection.scale, 0, 2 * Math.PI)
  context.stroke()
  if (state.space === "sphere") for (const turn of [0, 1, 2]) drawGreatCircle(context, projection, turn)
  context.globalAlpha = 1
}

function drawGreatCircle(context, projection, turn) {
  context.globalAlpha = 0.25
  context.beginPath()
  for (let step = 0; step <= 60; step += 1) {
    const [c, s] = [Math.cos((step * Math.PI) / 30), Math.sin((step * Math.PI) / 30)]
    const [px, py] = projection.toStage([[c, s, 0], [0, c, s], [s, 0, c]][turn])
    step ? context.lineTo(px, py) : context.moveTo(px, py)
  }
  context.stroke()
}

// A circle of points at this distance from a point: of the plane, or cut out of the sphere.
function traceRing(context, scene, row, radius) {
  const { x, state, projection } = scene
  const centre = rowAt(x.points, row, x.size)
  if (state.space !== "sphere") {
    const [px, py] = projection.toStage(centre)
    context.moveTo(px + radius * projection.scale, py)
    context.arc(px, py, radius * projection.scale, 0, 2 * Math.PI)
    return
  }
  for (let step = 0; step <= 72; step += 1) {
    const [px, py] = ringPlace(scene, row, radius, Math.cos((step * Math.PI) / 36), Math.sin((step * Math.PI) / 36))
    step ? context.lineTo(px, py) : context.moveTo(px, py)
  }
}

// A place of such a ring on the sphere, by the cosine and sine of where it is.
function ringPlace({ x, projection }, row, radius, c, s) {
  const centre = rowAt(x.points, row, x.size)
  const [along, across] = [1 - radius ** 2 / 2, Math.sqrt(Math.max(0, radius ** 2 - radius ** 4 / 4))]
  const first = unit(cross(centre, Math.abs(centre[0]) < 0.8 ? [1, 0, 0] : [0, 1, 0]))
  const second = cross(centre, first)
  return projection.toStage(centre.map((value, k) => along * value + across * (c * first[k] + s * second[k])))
}

const cross = (a, b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
function unit(vector) {
  const length = Math.hypot(...vector) || 1
  return vector.map((value) => value / length)
}

// Where a negative would be hard, and where semi-hard, for the anchor and its nearest chosen positive.
function drawBands(context, scene) {
  const { hard, x, anchor, positive, colours, state } = scene
  if (positive < 0) return []
  const near = hard.distances[anchor * x.count + positive]
  const plain = (distance) => (x.isSquared ? Math.sqrt(Math.max(distance, 0)) : distance)
  const [inner, outer] = [plain(near), plain(near + hard.margin)]
  const most = state.space === "plane" ? Infinity : 2
  for (const [kind, from, to] of [["hard", 0, inner], ["semi-hard", inner, outer]]) {
    context.fillStyle = context.strokeStyle = colours.hardness[kind]
    context.globalAlpha = 0.13
    context.beginPath()
    traceRing(context, scene, anchor, Math.min(to, most))
    if (from) traceRing(context, scene, anchor, Math.min(from, most))
    context.fill("evenodd")
    context.globalAlpha = 0.85
    context.lineWidth = kind === "hard" ? 2 : 1.5
    context.setLineDash(kind === "hard" ? [] : [7, 4])
    context.beginPath()
    if (to < most) traceRing(context, scene, anchor, to)
    context.stroke()
    context.setLineDash([])
    if (state.space === "circle") drawArcs(context, scene, kind, from, to)
  }
  context.globalAlpha = 1
  const named = [["hard", inner / 2, inner / 2], ["semi-hard", (inner + outer) / 2, (outer - inner) / 2], ["easy", outer + 0.12, 0.1]]
  return named.filter(([, radius, room]) => radius < most && room * scene.projection.scale > 5).map(([kind, radius]) => ({ text: scene.words.kind[kind], radius, colour: colours.hardness[kind] }))
}

// Words on a ring where they are seen best: within the stage, and away from the marks.
function drawLabel(context, scene, { text, radius, colour }, taken) {
  const { x, anchor, projection, colours } = scene
  const [ax, ay] = placeOf(scene, anchor)
  const others = [...x.labels.map((_, row) => placeOf(scene, row)), ...taken.flatMap(([px, py]) => [[px, py], [px - 22, py], [px + 22, py]])]
  const isFlat = x.size === 2
  const places = Array.from({ length: 24 }, (_, at) => {
    const [c, s] = [Math.cos((at * Math.PI) / 12), Math.sin((at * Math.PI) / 12)]
    const [px, py] = isFlat ? [ax + c * radius * projection.scale, ay - s * radius * projection.scale] : ringPlace(scene, anchor, radius, c, s)
    const edge = Math.min(px - 34, projection.width - 34 - px, py - 10, projection.height - 10 - py)
    return { px, py, room: Math.min(edge, ...others.map(([ox, oy]) => Math.hypot(ox - px, oy - py) - 16), 46) - (at % 6 ? 0 : 0.5) }
  })
  const best = places.reduce((before, place) => (place.room > before.room + 0.1 ? place : before))
  if (best.room < 2) return
  context.font = `600 12px ${colours.font}`
  context.textAlign = "center"
  haloed(context, colours, text, best.px, best.py + 4, colour)
  taken.push([best.px, best.py])
}

// How long an arrow is for a gradient of a round number.
function drawUnit(context, { projection, scale, colours, words }) {
  const wished = 55 / scale
  const power = 10 ** Math.floor(Math.log10(wished))
  const gradient = [5, 2, 1].find((one) => one * power <= wished) * power
  const [px, py] = [14, projection.height - 14]
  context.strokeStyle = context.fillStyle = colours.ink
  context.lineWidth = 2
  context.beginPath()
  context.moveTo(px, py), context.lineTo(px + gradient * scale - 5, py)
  context.stroke()
  context.beginPath()
  context.moveTo(px + gradient * scale, py), context.lineTo(px + gradient * scale - 7, py - 4), context.lineTo(px + gradient * scale - 7, py + 4)
  context.fill()
  context.font = `12px ${colours.font}`
  context.textAlign = "left"
  haloed(context, colours, words.unit.replace("{gradient}", String(Number(gradient.toPrecision(1)))), px + gradient * scale + 7, py + 4, colours.ink)
}

// On the circle what counts is its part within the band: that is drawn strong.
function drawArcs(context, { x, anchor, projection, colours }, kind, from, to) {
  const [ax, ay] = rowAt(x.points, anchor, 2)
  const turn = Math.atan2(ay, ax)
  const angle = (chord) => 2 * Math.asin(Math.min(1, chord / 2))
  context.strokeStyle = colours.hardness[kind]
  context.globalAlpha = 0.75
  context.lineWidth = 7
  for (const side of [1, -1]) {
    context.beginPath()
    context.arc(projection.width / 2, projection.height / 2, projection.scale, -turn - side * angle(from), -turn - side * angle(to), side > 0)
    context.stroke()
  }
}

// The radii that a loss itself asks for: its margin, or the boundary and what must stay within and beyond it.
function drawRings(context, scene) {
  const { x, anchor, colours, state, words } = scene
  const labels = []
  for (const { radius, name } of x.kind.rings?.(x, anchor) ?? []) {
    const plain = x.isSquared ? Math.sqrt(Math.max(radius, 0)) : radius
    if (!(plain > 0) || (state.space === "sphere" && plain >= 2)) continue
    const isBoundary = name === "boundary"
    context.strokeStyle = isBoundary ? colours.ink : { inside: colours.positive, positive_margin: colours.positive }[name] ?? colours.negative
    context.lineWidth = isBoundary ? 2.5 : 1.5
    context.setLineDash(isBoundary ? [] : [5, 4])
    context.beginPath()
    traceRing(context, scene, anchor, plain)
    labels.push({ text: words.ring[name], radius: plain, colour: context.strokeStyle })
    context.stroke()
    context.setLineDash([])
  }
  return labels
}

const isNear = ({ x, chosen }, link) => x.count <= ALL_PARTS || link.from === chosen || (link.to === chosen && !x.kind.rows)

function endsOf(scene, forces, link) {
  return [placeOf(scene, link.from), forces.isOfClasses ? rowPlace(scene, scene.x.kind.rows, link.to) : placeOf(scene, link.to)]
}

// Lines between what is compared: solid where the two are drawn together, dashed where they are driven apart.
function drawLinks(context, scene, forces) {
  const { colours } = scene
  const most = forces.links.reduce((before, { weight }) => Math.max(before, weight), 0) || 1
  for (const link of forces.links) {
    const isNearby = isNear(scene, link)
    if (!link.weight && !isNearby) continue
    const [from, to] = endsOf(scene, forces, link)
    context.strokeStyle = link.weight ? (link.isPull ? colours.positive : colours.negative) : colours.muted
    context.globalAlpha = link.weight ? (isNearby ? 0.75 : 0.12 + 0.3 * (link.weight / most)) : 0.6
    context.lineWidth = isNearby ? 1.5 : 1
    context.setLineDash(link.isPull ? [] : [6, 5])
    context.beginPath()
    context.moveTo(from[0], from[1])
    context.lineTo(to[0], to[1])
    context.stroke()
  }
  context.setLineDash([])
  context.globalAlpha = 1
  drawDistances(context, scene, forces)
}

// How far apart a few points are, or how alike, beside their link.
function drawDistances(context, scene, forces) {
  const { x, colours } = scene
  if (x.count > ALL_PARTS || forces.isOfClasses) return
  context.font = `600 13px ${colours.font}`
  context.textAlign = "center"
  for (const link of forces.links) {
    const [from, to] = endsOf(scene, forces, link)
    if (Math.hypot(to[0] - from[0], to[1] - from[1]) < 60) continue
    const [px, py] = middleOf(from, to)
    const text = x.matrix[link.from * x.across + link.to].toFixed(2).replace("-", "−")
    haloed(context, colours, text, px, py, link.isSame ? colours.positive : colours.negative)
  }
}

// Beside the middle of a line.
function middleOf(from, to) {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]]
  const length = Math.hypot(dx, dy) || 1
  return [(from[0] + to[0]) / 2 - (14 * dy) / length, (from[1] + to[1]) / 2 + (14 * dx) / length + 4]
}

function haloed(context, colours, text, px, py, colour) {
  context.lineWidth = 4
  context.strokeStyle = colours.paper
  context.strokeText(text, px, py)
  context.fillStyle = colour
  context.fillText(text, px, py)
}

// The links that show what each of them does to this point, if the loss moves it.
function partsOn(scene, forces, row) {
  const few = scene.x.count <= ALL_PARTS || row === scene.chosen
  return few ? forces.links.filter((link) => link.weight && (link.from === row || (link.to === row && !forces.isOfClasses))) : []
}

// Of each pull and push, what it does to the point: beside each other, pulls on one side and pushes on the other.
function drawArrows(context, scene, forces) {
  const { x, colours, state } = scene
  for (let row = 0; row < x.count; row += 1) {
    const links = partsOn(scene, forces, row)
    for (const link of links) {
      const aside = links.length < 2 ? 0 : link.isPull ? 5.5 : -5.5
      const style = { colour: link.isPull ? colours.positive : colours.negative, width: 3, dash: link.isPull ? [] : [5, 4], aside }
      arrow(context, scene, row, rowAt(partOf(scene.result, link), row, state.size), style)
    }
  }
}

// Where each point goes: all its pulls and pushes together, unless it has but one.
function drawNet(context, scene, forces) {
  const { x, state, colours } = scene
  for (let row = 0; row < x.count; row += 1) {
    if (partsOn(scene, forces, row).length === 1) continue
    arrow(context, scene, row, rowAt(forces.net, row, state.size), { colour: colours.ink, width: 2, dash: [], aside: 0 })
  }
}

function arrow(context, scene, row, vector, { colour, width, dash, aside }) {
  const { projection, scale } = scene
  const start = placeOf(scene, row)
  const step = scale / projection.scale
  const point = rowAt(scene.x.points, row, scene.x.size)
  const tip = projection.toStage(point.map((value, k) => value + step * vector[k]))
  const [dx, dy] = [tip[0] - start[0], tip[1] - start[1]]
  const length = Math.hypot(dx, dy)
  if (length < 2.5) return
  const reach = Math.min(length, LONGEST)
  const [ux, uy] = [dx / length, dy / length]
  const from = 9 // the mark of the point covers the rest
  const [left, top] = [start[0] - aside * uy, start[1] + aside * ux]
  const [sx, sy, ex, ey] = [left + from * ux, top + from * uy, left + (from + reach) * ux, top + (from + reach) * uy]
  const head = Math.min(9, 3 + reach / 3)
  context.globalAlpha = start[2] < 0 ? 0.4 : 1
  for (const [paint, extra] of [[scene.colours.paper, 2], [colour, 0]]) {
    context.strokeStyle = context.fillStyle = paint
    context.lineWidth = width + extra
    context.setLineDash(extra ? [] : dash)
    context.beginPath()
    context.moveTo(sx, sy)
    context.lineTo(ex - head * ux, ey - head * uy)
    context.stroke()
    context.setLineDash([])
    context.beginPath()
    context.moveTo(ex, ey)
    context.lineTo(ex - head * ux - head * 0.55 * uy, ey - head * uy + head * 0.55 * ux)
    context.lineTo(ex - head * ux + head * 0.55 * uy, ey - head * uy - head * 0.55 * ux)
    context.closePath()
    extra ? context.stroke() : context.fill()
  }
  context.globalAlpha = 1
}

// Pixels of an arrow for a gradient of 1, such that the longest arrow of now is easy to see.
export function arrowScale(x, result) {
  const forces = forcesOf(x, result)
  let most = longest(forces.net, x.size)
  if (x.count <= ALL_PARTS) for (const link of forces.links) if (link.weight) most = Math.max(most, longest(partOf(result, link), x.size))
  return most ? 75 / most : 60
}
