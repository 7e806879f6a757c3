import { Playground } from "./playground.js"

// Streamlit calls again on the same element with each message, so what a playground remembers hangs on that element.
const playgrounds = new WeakMap()
let styled = null

function loadStyle() {
  styled ??= new Promise((resolve, reject) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: new URL("./playground.css", import.meta.url).href })
    Object.assign(link, { onload: resolve, onerror: () => reject(new Error("the style sheet of the playground did not load")) })
    document.head.append(link)
  })
  return styled
}

export async function render({ data, parentElement, setStateValue }) {
  await loadStyle()
  const before = playgrounds.get(parentElement)
  if (before && JSON.stringify(before.data.words) !== JSON.stringify(data.words)) { // in another language
    before.close()
    playgrounds.set(parentElement, new Playground(parentElement, data, setStateValue))
  } else if (before) before.update(data, setStateValue)
  else playgrounds.set(parentElement, new Playground(parentElement, data, setStateValue))
  // Streamlit also calls this for a call that a newer message overtook, while the playground stays on the page.
  return () => {
    if (parentElement.isConnected) return
    playgrounds.get(parentElement)?.close()
    playgrounds.delete(parentElement)
  }
}
