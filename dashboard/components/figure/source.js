import { keepContents } from "./frames.js"

const SECONDS = 0.2 // between two maps at least, and after an error ten times that

// Asks the address of a figure that grows for its new frames, which answers once there are some. Python's script is not
// run for that: a run of it makes the whole page consider itself, which costs ten times as much as a frame. A page that
// nobody sees asks for nothing: browsers have six requests to a server under way at most, those of all tabs together.
export class Source {
  constructor(figure) {
    Object.assign(this, { figure, url: "", timer: 0, asking: null })
    this.onVisible = () => this.seen()
    document.addEventListener("visibilitychange", this.onVisible)
  }

  set(url) {
    if (url === this.url) return
    this.leave()
    this.url = url
    if (url && !document.hidden) this.wait()
  }

  seen() {
    const { url } = this
    this.leave()
    if (url && !document.hidden) this.wait(0)
    this.url = url
  }

  wait(seconds = SECONDS) {
    this.timer = setTimeout(() => this.ask(), 1000 * seconds)
  }

  async ask() {
    const { url, figure: { data } } = this
    const address = new URL(url, document.baseURI)
    address.searchParams.set("have", data.frames.at(-1)?.[2] ?? "")
    const asking = (this.asking = new AbortController())
    let seconds = SECONDS
    try {
      const response = await fetch(address, { signal: asking.signal })
      if (response.status === 200) await this.take(data, await response.json())
      else if (response.status !== 204) seconds = 10 * SECONDS
    } catch {
      seconds = 10 * SECONDS // the server is away for a while: it is asked again
    }
    if (asking === this.asking) this.wait(seconds)
  }

  // `figure` is there only where more than the frames has changed since the frame before `from`, `contents` where there
  // are few frames.
  async take(data, { from, frames, contents, figure }) {
    keepContents(contents)
    if (data !== this.figure.data) return // a newer message came
    const grown = { ...data, ...(figure ? { figure, figure_digest: "" } : {}), frames: [...data.frames.slice(0, from), ...frames] }
    await this.figure.update(grown, this.figure.report)
  }

  leave() {
    clearTimeout(this.timer)
    this.asking?.abort()
    this.asking = null
    this.url = ""
  }

  close() {
    this.leave()
    document.removeEventListener("visibilitychange", this.onVisible)
  }
}
