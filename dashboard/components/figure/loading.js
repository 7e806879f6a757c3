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

export function loadPlotly(url) {
  return once(url, (resolve, reject) => {
    const script = element("script", "", null, { src: new URL(url, document.baseURI).href })
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
