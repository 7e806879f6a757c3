// The bar under the stage: play, one step, back to the start, undo and redo, how fast, how far each step goes.
import { element, svg } from "./dom.js"
import { slider } from "./sliders.js"

const ICONS = {
  play: "M8 5v14l11-7z",
  pause: "M7 5h3.5v14H7zM13.5 5H17v14h-3.5z",
  step: "M15.5 5H18v14h-2.5zM5 5v14l9-7z",
  reset: "M12 5V1L7 6l5 5V7a6 6 0 1 1-6 6H4a8 8 0 1 0 8-8z",
  undo: "M12.5 8c-2.650 0-5.050 1-6.900 2.600L2 7v9h9l-3.620-3.620a8 8 0 0 1 12.720 3.720l2.370-.78A10.500 10.500 0 0 0 12.500 8z",
  redo: "M18.400 10.600A10.450 10.450 0 0 0 11.500 8c-4.650 0-8.580 3.030-9.960 7.220L3.900 16a8 8 0 0 1 12.710-3.620L13 16h9V7z",
}
const SPEEDS = [0.25, 0.5, 1, 2, 4]

export class Bar {
  constructor(parent, playground, words) {
    Object.assign(this, { playground, words, speed: 1 })
    const bar = (this.node = element("div", "playground-bar", parent, { role: "group", "aria-label": words.playback }))
    const group = element("div", "playground-buttons", bar)
    this.buttons = Object.fromEntries(["play", "step", "reset", "undo", "redo"].map((name) => [name, this.button(group, name)]))
    this.faster = this.button(group, "speed")
    this.faster.classList.add("playground-speed")
    this.stepSize = slider(bar, { name: "step", label: words.step_size, unit: "", help: words.step_help, low: 0.0001, high: 1, usual: 0.02 }, (value) => playground.setValue("step", value), () => playground.settled())
    this.stepSize.line.classList.add("playground-step-size")
  }

  button(parent, name) {
    const node = element("button", "playground-button", parent, { type: "button", "aria-label": this.words[name], title: this.words[name] })
    if (name in ICONS) node.append(icon(name))
    const acts = { play: () => this.playground.toggle(), speed: () => this.nextSpeed() }
    node.onclick = acts[name] ?? (() => this.playground[name]())
    return node
  }

  nextSpeed() {
    this.speed = SPEEDS[(SPEEDS.indexOf(this.speed) + 1) % SPEEDS.length]
    this.draw(this.playground)
  }

  // Frames between two steps, or steps of one frame.
  get pace() {
    return this.speed >= 2 ? { frames: 1, steps: this.speed / 2 } : { frames: 2 / this.speed, steps: 1 }
  }

  draw({ isPlaying, history, state }) {
    const look = `${isPlaying}${history.before.length > 0}${history.after.length > 0}${this.speed}`
    if (look !== this.look) {
      this.look = look
      const { play, undo, redo } = this.buttons
      play.replaceChildren(icon(isPlaying ? "pause" : "play"))
      play.title = this.words[isPlaying ? "pause" : "play"]
      play.setAttribute("aria-label", play.title)
      undo.disabled = !history.before.length
      redo.disabled = !history.after.length
      this.faster.textContent = `${this.speed}×`
    }
    this.stepSize.show(state.values.step)
  }
}

const icon = (name) => svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, svg("path", { d: ICONS[name] }))
