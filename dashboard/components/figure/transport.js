import { element, shape } from "./dom.js"
import { filled } from "./format.js"

const ICONS = {
  play: "M8 5v14l11-7z",
  pause: "M7 5h3.5v14H7zM13.5 5H17v14h-3.5z",
  back: "M6 5h2.5v14H6zM19 5v14l-9-7z",
  forward: "M15.5 5H18v14h-2.5zM5 5v14l9-7z",
}
const SPEEDS = [0.5, 1, 2, 4]

// The bar under a figure with frames; its words come with the options of the scrub.
export class Transport {
  constructor(scrub) {
    this.scrub = scrub
    const { words } = this
    const bar = this.bar = element("div", "live-figure-transport", scrub.figure.root, { role: "group", "aria-label": words.playback })
    this.play = button(bar, words.play, () => (scrub.playing ? scrub.pause() : scrub.play()))
    icon(button(bar, words.back, () => scrub.step(-1)), "back")
    icon(button(bar, words.forward, () => scrub.step(1)), "forward")
    this.range = element("input", "live-figure-range", bar, { type: "range", min: 0, step: 1, "aria-label": words.frame })
    this.label = element("span", "live-figure-label", bar)
    this.speed = button(bar, words.speed, () => this.nextSpeed())
    this.speed.classList.add("live-figure-speed")
    this.range.oninput = () => {
      scrub.stop()
      scrub.go(Number(this.range.value), 0.12, true)
    }
    this.range.onchange = () => scrub.tellPython()
    bar.onkeydown = (event) => this.onKey(event)
  }

  get words() {
    return this.scrub.options.words
  }

  // Space plays and pauses unless a button with a meaning of its own has the focus; arrows step from any of them.
  onKey(event) {
    const onButton = event.target.tagName === "BUTTON"
    if (event.key === " " && !onButton) this.scrub.playing ? this.scrub.pause() : this.scrub.play()
    else if (event.key === "ArrowLeft" || event.key === "ArrowDown") this.scrub.step(-1)
    else if (event.key === "ArrowRight" || event.key === "ArrowUp") this.scrub.step(1)
    else return
    event.preventDefault()
  }

  nextSpeed() {
    this.scrub.speed = SPEEDS[(SPEEDS.indexOf(this.scrub.speed) + 1) % SPEEDS.length]
    this.draw()
  }

  draw() {
    const { scrub: { frames, at, playing, speed }, words } = this
    if (this.shownPlaying !== playing) {
      this.shownPlaying = playing
      icon(this.play, playing ? "pause" : "play")
      this.play.title = playing ? words.pause : words.play
      this.play.setAttribute("aria-label", this.play.title)
    }
    this.range.max = Math.max(0, frames.length - 1)
    this.range.value = at
    for (const node of [this.range, ...this.bar.querySelectorAll("button")]) node.disabled = frames.length < 2
    this.range.style.setProperty("--done", `${frames.length > 1 ? (100 * at) / (frames.length - 1) : 0}%`)
    const label = this.labelOf(frames[at])
    this.label.textContent = label
    this.range.setAttribute("aria-valuetext", label)
    this.speed.textContent = `${speed}×`
    this.speed.setAttribute("aria-label", filled(words.speed_of, () => String(speed)))
  }

  // A frame without a number is called by its name alone.
  labelOf({ name = "", value } = {}) {
    if (!/\d/.test(name)) return name
    const places = { frame: name, value: String(value), last: String(this.scrub.frames.at(-1).value) }
    return filled(this.words.frame_of, (place) => places[place])
  }
}

function button(bar, name, onClick) {
  const node = element("button", "live-figure-button", bar, { type: "button", "aria-label": name, title: name })
  node.onclick = onClick
  return node
}

function icon(node, name) {
  const svg = shape("svg", "", null, { viewBox: "0 0 24 24", "aria-hidden": "true" })
  shape("path", "", svg, { d: ICONS[name] })
  node.replaceChildren(svg)
}
