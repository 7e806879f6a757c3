import { decoded } from "./arrays.js"
import { element } from "./dom.js"
import { Handle } from "./handle.js"
import { listen, tell } from "./groups.js"

const decodedContents = new WeakMap()

function decodedOnce(content) {
  if (!decodedContents.has(content)) decodedContents.set(content, decoded(content))
  return decodedContents.get(content)
}

// All handles of one figure and the row of readouts under it.
export class Handles {
  constructor(figure) {
    Object.assign(this, { figure, all: new Map(), followed: new Set(), reported: new Map() })
    this.leave = listen(() => figure.data?.group, this, "handle", ({ name, value }) => this.all.get(name)?.move(value))
  }

  // What a handle looks up may have come by its digest, and then is decoded once for the page.
  set(listed) {
    const text = JSON.stringify(listed)
    if (text === this.text) return
    this.text = text
    const { contents } = this.figure
    const described = listed.map((one) => (one.digest ? { ...decodedOnce(contents.get(one.digest)), value: one.value } : decoded(one)))
    const names = new Set(described.map(({ name }) => name))
    for (const [name, handle] of this.all) if (!names.has(name)) this.remove(name, handle)
    for (const one of described) {
      if (!this.all.has(one.name)) this.all.set(one.name, new Handle(this, one))
      else this.all.get(one.name).describe(one)
    }
    this.followed = new Set(described.flatMap((one) => one.followers.map(({ trace }) => trace)))
  }

  remove(name, handle) {
    handle.close()
    this.all.delete(name)
  }

  // After a new figure was drawn: colours and followers again, because the traces are new.
  settle(traces) {
    this.traces = traces
    for (const handle of this.all.values()) handle.apply()
  }

  place() {
    for (const handle of this.all.values()) handle.place()
  }

  get footer() {
    this.footerNode ??= element("div", "live-figure-footer", this.figure.root)
    return this.footerNode
  }

  dragged({ described: { name }, value }) {
    tell(this.figure.data.group, this, "handle", { name, value })
  }

  released() {
    const values = Object.fromEntries([...this.all].map(([name, handle]) => [name, handle.value]))
    this.figure.report("handles", values)
  }

  close() {
    this.leave()
    for (const handle of this.all.values()) handle.close()
  }
}
