import { frameWithNumbers } from "./compose.js"
import { wantsStillness } from "./dom.js"
import { contentsOf } from "./frames.js"
import { lastWord, listen, tell } from "./groups.js"
import { Transport } from "./transport.js"

const FIRST_SECONDS = 0 // a figure that plays by itself moves as soon as it is there
const LIVE_GAP = 30 // milliseconds: what a live run moves is drawn at half the usual rate, for the training's sake

// Which frame is shown, and playing. Frames are {name, value, digest, content}.
export class Scrub {
  constructor(figure) {
    Object.assign(this, { figure, frames: [], at: 0, speed: 1, timer: 0, wanted: undefined, asked: new Set() })
    this.leave = listen(() => figure.data?.group, this, "frame", (frame) => this.follow(frame))
  }

  get content() {
    return this.frames[this.at]?.content ?? null
  }

  get contents() {
    return this.frames.map((frame) => frame.content)
  }

  get playing() {
    return this.timer !== 0
  }

  // Take the frames of a new message; where they are the first, or another figure's, open at the frame asked for.
  async set(listed, options) {
    const { data, base } = this.figure
    const contents = await this.load(listed)
    if (this.figure.data !== data || this.figure.closed) return
    const before = this.frames
    const fresh = !before.length || before[0].digest !== listed[0]?.[2]
    const stoodLast = this.at >= before.length - 1
    this.options = options
    this.frames = contents.map((content, row) => {
      const [name, value, digest] = listed[row]
      return { name, value, digest, content: frameWithNumbers(content, base) }
    })
    this.at = Math.min(this.at, Math.max(0, this.frames.length - 1))
    const isAsked = this.named(options?.frame) >= 0 && (fresh || this.isNew(options))
    if (fresh) this.open(options)
    else if (isAsked) this.goWhereAsked(options.frame)
    else if (stoodLast && !this.playing) this.at = this.frames.length - 1
    this.wanted = options && [options.frame, options.again]
    if (options) this.transport ??= new Transport(this)
    this.transport?.draw()
    this.figure.points.gap = fresh ? 0 : LIVE_GAP
    this.figure.show(data.tween_seconds)
    const hasGrown = !fresh && stoodLast && options && this.frames.length > before.length
    if (isAsked || hasGrown) this.tell(data.tween_seconds)
  }

  isNew({ frame, again }) {
    return frame !== this.wanted?.[0] || again !== this.wanted?.[1]
  }

  goWhereAsked(frame) {
    this.stop()
    this.at = this.named(frame)
  }

  async load(listed) {
    const { frames_url: url } = this.figure.data
    if (!listed.length) return []
    try {
      return await contentsOf(url, listed.map(([, , digest]) => digest))
    } catch (error) {
      // The server was restarted or has dropped them: a run of the page registers them again. Asked once a state.
      const last = listed.at(-1)[2]
      if (!this.asked.has(last)) this.figure.report("missing", last)
      this.asked.add(last)
      return []
    }
  }

  open(options) {
    this.stop()
    const said = lastWord(this.figure.data.group, "frame")
    const autoplay = options?.autoplay && !wantsStillness() && this.frames.length > 1
    this.at = this.frames.length ? this.frames.length - 1 : 0
    if (said && !options) this.at = this.upTo(said.value)
    else if (this.named(options?.frame) >= 0) this.at = this.named(options.frame)
    else if (autoplay) this.at = 0
    const plays = autoplay && this.named(options?.frame) < 0
    this.figure.points.starts = plays
    if (plays) this.next(FIRST_SECONDS)
  }

  // Settles when the first glide of a figure that plays by itself is over.
  get opened() {
    const seconds = this.playing ? FIRST_SECONDS + this.figure.data.tween_seconds : 0
    return new Promise((resolve) => setTimeout(resolve, 1000 * seconds))
  }

  named(name) {
    return this.frames.findIndex((frame) => frame.name === name)
  }

  // The last frame whose value is at most this one, so that maps with fewer frames wait and do not run ahead.
  upTo(value) {
    return Math.max(0, this.frames.findLastIndex((frame) => frame.value <= value))
  }

  go(row, seconds, dragged = false) {
    this.at = Math.max(0, Math.min(this.frames.length - 1, row))
    this.transport?.draw()
    this.figure.points.gap = 0
    this.figure.show(seconds, dragged)
    this.tell(seconds)
  }

  tell(seconds) {
    const { name, value } = this.frames[this.at] ?? {}
    if (name !== undefined) tell(this.figure.data.group, this, "frame", { name, value, seconds })
  }

  follow({ value, seconds }) {
    if (!this.frames.length) return
    this.stop()
    this.at = this.upTo(value)
    this.transport?.draw()
    this.figure.show(seconds)
  }

  get pace() {
    return (this.options?.seconds_per_frame ?? 0.6) / this.speed
  }

  play() {
    if (this.frames.length < 2) return
    if (this.at === this.frames.length - 1) this.go(0, 0.2)
    this.next()
    this.transport?.draw()
  }

  next(seconds = this.pace) {
    this.timer = setTimeout(() => {
      const last = this.at === this.frames.length - 1
      if (last && !this.options?.loop) return this.pause()
      this.next()
      this.go(last ? 0 : this.at + 1, Math.min(this.figure.data.tween_seconds, this.pace))
    }, 1000 * seconds)
  }

  stop() {
    clearTimeout(this.timer)
    this.timer = 0
  }

  pause() {
    this.stop()
    this.transport?.draw()
    this.tellPython()
  }

  step(by) {
    this.stop()
    this.go(this.at + by, Math.min(this.figure.data.tween_seconds, 0.3))
    this.tellPython()
  }

  tellPython() {
    if (this.frames.length) this.figure.report("frame", this.frames[this.at].name)
  }

  close() {
    this.stop()
    this.leave()
  }
}
