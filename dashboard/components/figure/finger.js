import { element, shape } from "./dom.js"

// A lasso by finger. A finger that moves over a figure scrolls the page, so whoever wants to select switches to that first,
// and back; the switch is there on touch screens alone. Plotly has no part in it: what is drawn here is followed here.
export class Finger {
  constructor(figure) {
    this.figure = figure
    this.isOn = false
    this.button = element("button", "live-figure-select", figure.stage, { type: "button", "aria-pressed": "false", hidden: "" })
    this.button.addEventListener("click", () => this.turn(!this.isOn))
    this.outline = shape("path", "live-figure-lasso", figure.overlay)
  }

  // The word on the switch; without one there is no lasso to draw.
  set(word) {
    this.button.hidden = !word
    this.button.textContent = word
    if (!word) this.turn(false)
  }

  turn(on) {
    this.isOn = on
    this.button.setAttribute("aria-pressed", String(on))
    this.figure.root.classList.toggle("live-figure-by-finger", on)
  }

  // Whether this press begins a lasso by finger.
  takes(event) {
    return this.isOn && event.pointerType === "touch"
  }

  // Places of the window, and the stage's own corner.
  draw(trail) {
    const { left, top } = this.figure.stage.getBoundingClientRect()
    const places = trail.map(([x, y]) => `${(x - left).toFixed(1)},${(y - top).toFixed(1)}`)
    this.outline.setAttribute("d", places.length > 1 ? `M${places.join("L")}Z` : "")
  }
}
