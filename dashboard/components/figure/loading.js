import { element } from "./dom.js"

// One promise a page: ten figures load plotly and the style sheet once.
const promises = new Map()

function once(url, start) {
  if (!promises.has(url)) {
    const promise = new Promise(start)
    promise.catch(() => promises.delete(url)) // so that a later message can try again
    promises.set(url, promise)
  }
  return promises.get(url)
}

// What the reader sees move first. Plotly is fetched meanwhile, and run after it.
const first = []

export function beforePlotly(promise) {
  first.push(promise.catch(() => {}))
}

export function loadPlotly(url) {
  return once(url, async (resolve, reject) => {
    const src = new URL(url, document.baseURI).href
    element("link", "", document.head, { rel: "preload", as: "script", href: src })
    await new Promise(requestAnimationFrame) // so that all figures of the page had their say
    await Promise.all(first)
    const script = element("script", "", null, { src })
    script.onload = () => resolve(window.Plotly)
    script.onerror = () => reject(new Error("plotly.js did not load"))
    document.head.append(script)
  })
}

export function loadStyle() {
  const url = new URL("./figure.css", import.meta.url).href
  return once(url, (resolve, reject) => {
    const link = element("link", "", null, { rel: "stylesheet", href: url })
    link.onload = resolve
    link.onerror = () => reject(new Error("the style sheet of the figure did not load"))
    document.head.append(link)
  })
}
