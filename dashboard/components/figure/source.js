const SECONDS = 0.5

// Asks the address of a figure that grows for its new frames. Python's script is not run for that: a run of it makes
// the whole page consider itself, which costs ten times as much as a frame.
export class Source {
  constructor(figure) {
    Object.assign(this, { figure, url: "", timer: 0 })
  }

  set(url) {
    if (url === this.url) return
    this.close()
    this.url = url
    if (url) this.wait()
  }

  wait() {
    this.timer = setTimeout(() => this.ask(), 1000 * SECONDS)
  }

  async ask() {
    const { url, figure: { data } } = this
    const address = new URL(url, document.baseURI)
    address.searchParams.set("have", data.frames.at(-1)?.[2] ?? "")
    try {
      const response = document.hidden ? null : await fetch(address)
      if (response?.status === 200) await this.take(data, await response.json())
    } catch {
      // The server is away for a while: it is asked again.
    }
    if (url === this.url && !this.figure.closed) this.wait()
  }

  // `figure` is there only where more than the frames has changed since the frame before `from`.
  async take(data, { from, frames, figure }) {
    if (data !== this.figure.data) return // a newer message came
    const grown = { ...data, figure: figure ?? data.figure, frames: [...data.frames.slice(0, from), ...frames] }
    await this.figure.update(grown, this.figure.report)
  }

  close() {
    clearTimeout(this.timer)
    this.url = ""
  }
}
