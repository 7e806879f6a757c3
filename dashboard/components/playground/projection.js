// Where points lie on the stage: a plane, which zooms out as far as its points go, or a sphere that can be turned.
const ROOM = { plane: 1.4, circle: 1.32, sphere: 1.25 } // from the middle to the nearer edge, in units of the space

export class Projection {
  constructor() {
    this.zoom = ROOM.circle
    this.yaw = 0.5
    this.pitch = 0.35
  }

  fit(width, height, space, points) {
    Object.assign(this, { width, height, isSphere: space === "sphere" })
    this.zoom = space === "plane" ? points.reduce((most, value) => Math.max(most, Math.abs(value) * 1.12), ROOM.plane) : ROOM[space]
    this.scale = Math.min(width, height) / 2 / this.zoom
  }

  // Right, up and towards the reader, in the coordinates of the space.
  get axes() {
    const [cy, sy, cp, sp] = [Math.cos(this.yaw), Math.sin(this.yaw), Math.cos(this.pitch), Math.sin(this.pitch)]
    return [[cy, 0, -sy], [-sp * sy, cp, -sp * cy], [cp * sy, sp, cp * cy]]
  }

  // -> [x, y] in pixels, and how far in front (above 0) or behind.
  toStage(point) {
    const [x, y, depth] = this.isSphere ? this.axes.map((axis) => axis[0] * point[0] + axis[1] * point[1] + axis[2] * point[2]) : [point[0], point[1], 1]
    return [this.width / 2 + x * this.scale, this.height / 2 - y * this.scale, depth]
  }

  // The point under a pixel; on a sphere on the side that is asked for, and beyond its rim the nearest one on it.
  fromStage(px, py, isBehind = false) {
    const [x, y] = [(px - this.width / 2) / this.scale, (this.height / 2 - py) / this.scale]
    if (!this.isSphere) return [x, y]
    const length = Math.hypot(x, y)
    const depth = Math.sqrt(Math.max(0, 1 - length ** 2)) * (isBehind ? -1 : 1)
    const shrink = length > 1 ? 1 / length : 1
    return this.turnedBack([x * shrink, y * shrink, depth])
  }

  turnedBack(seen) {
    return [0, 1, 2].map((k) => this.axes.reduce((total, axis, at) => total + axis[k] * seen[at], 0))
  }

  turn(dx, dy) {
    this.yaw -= dx
    this.pitch = Math.max(-1.5, Math.min(1.5, this.pitch + dy))
  }

  // A point moved by the keyboard: right and up by so much as one sees it; on the circle along it.
  nudged(point, right, up, space) {
    if (space === "plane") return [point[0] + right, point[1] + up]
    if (space === "circle") {
      const along = -point[1] * right + point[0] * up
      const turn = Math.atan2(point[1], point[0]) + Math.sign(along || 1) * Math.hypot(right, up)
      return [Math.cos(turn), Math.sin(turn)]
    }
    const moved = this.turnedBack([right, up, 0]).map((value, k) => value + point[k])
    const length = Math.hypot(...moved)
    return moved.map((value) => value / length)
  }
}
