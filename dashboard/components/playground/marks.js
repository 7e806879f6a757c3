// The marks on the stage that can be dragged: points, learned rows of classes, and the grip of a learned boundary. Each
// is a node of its own, so that the keyboard reaches it and its values can be spoken.
const SVG = "http://www.w3.org/2000/svg"
const SHAPES = {
  point: "M12 3a9 9 0 1 1 0 18a9 9 0 1 1 0-18z",
  anchor: "M4 4h16v16H4z",
  weight: "M12 1.5L22.5 12L12 22.5L1.5 12z",
  proxies: "M12 1L21.500 6.500V17.500L12 23L2.500 17.500V6.500z",
  centres: "M9 2h6v7h7v6h-7v7H9v-7H2V9h7z",
  boundary: "M12 4a8 8 0 1 1 0 16a8 8 0 1 1 0-16z",
}

export class Marks {
  constructor(stage, playground) {
    Object.assign(this, { stage, playground, nodes: new Map() })
  }

  // `marks`: [{ key, shape, name, letter, colour, place: [px, py, depth], value, said }].
  draw(marks) {
    const kept = new Set(marks.map(({ key }) => key))
    for (const [key, node] of this.nodes) if (!kept.has(key)) this.remove(key, node)
    for (const mark of marks) this.drawOne(mark)
  }

  remove(key, node) {
    node.remove()
    this.nodes.delete(key)
  }

  drawOne(mark) {
    if (!this.nodes.has(mark.key)) this.nodes.set(mark.key, this.made(mark))
    const node = this.nodes.get(mark.key)
    const [px, py, depth] = mark.place
    node.style.transform = `translate(${px.toFixed(1)}px, ${py.toFixed(1)}px)`
    const look = [mark.shape, mark.colour, mark.letter, mark.name, mark.isChosen, depth < 0].join("|")
    if (node.look !== look) {
      node.look = look
      node.style.color = mark.colour
      node.path.setAttribute("d", SHAPES[mark.shape])
      node.letter.textContent = mark.letter
      node.setAttribute("aria-label", mark.name)
      node.classList.toggle("playground-chosen", mark.isChosen)
      node.classList.toggle("playground-behind", depth < 0)
    }
  }

  // Values change with every movement; only who has the focus has them spoken.
  speak(key, said, value) {
    const node = this.nodes.get(key)
    node?.setAttribute("aria-valuetext", said)
    node?.setAttribute("aria-valuenow", value.toFixed(2))
  }

  made({ key }) {
    const node = document.createElement("div")
    node.className = "playground-mark"
    node.tabIndex = 0
    node.dataset.mark = key
    for (const [name, value] of [["role", "slider"], ["aria-valuemin", "-10"], ["aria-valuemax", "10"], ["aria-valuenow", "0"]]) node.setAttribute(name, value)
    const svg = node.appendChild(document.createElementNS(SVG, "svg"))
    svg.setAttribute("viewBox", "0 0 24 24")
    svg.setAttribute("aria-hidden", "true")
    node.path = svg.appendChild(document.createElementNS(SVG, "path"))
    node.letter = node.appendChild(document.createElement("span"))
    node.letter.className = "playground-letter"
    node.letter.setAttribute("aria-hidden", "true")
    this.listen(node, key)
    return this.stage.appendChild(node)
  }

  listen(node, key) {
    node.onfocus = () => this.playground.choose(key)
    node.onpointerdown = (event) => {
      if (event.button) return
      node.setPointerCapture(event.pointerId)
      node.focus({ preventScroll: true })
      this.playground.grab(key)
      event.stopPropagation()
      event.preventDefault()
    }
    node.onpointermove = (event) => {
      if (!node.hasPointerCapture(event.pointerId)) return
      const box = this.stage.getBoundingClientRect()
      this.playground.drag(key, event.clientX - box.left, event.clientY - box.top)
    }
    node.onpointerup = node.onpointercancel = node.onlostpointercapture = () => this.playground.release(key)
    node.onkeydown = (event) => this.onKey(event, key)
  }

  onKey(event, key) {
    const step = event.shiftKey ? 0.01 : 0.05
    const [right, up] = { ArrowRight: [step, 0], ArrowLeft: [-step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] }[event.key] ?? []
    if (right === undefined) return
    event.preventDefault()
    event.stopPropagation()
    this.playground.nudge(key, right, up)
  }
}
