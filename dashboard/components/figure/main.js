import { LiveFigure } from "./figure.js"

// Streamlit calls again on the same element with each message, so what a figure remembers hangs on that element.
const figures = new WeakMap()

export async function render({ data, parentElement, setStateValue }) {
  if (!figures.has(parentElement)) figures.set(parentElement, new LiveFigure(parentElement))
  const figure = figures.get(parentElement)
  const close = () => {
    figure.close()
    figures.delete(parentElement)
  }
  try {
    await figure.update(data, setStateValue)
  } catch (error) {
    close()
    throw error
  }
  // Streamlit also calls this for a call that a newer message overtook, while the figure stays on the page.
  return () => parentElement.isConnected || close()
}
