// Streamlit repeats this text in every message, so it only fetches the component, which a route of the app serves once.
// What was fetched is at hand: asking for it again would have a figure wait for all that the page is doing meanwhile.
const fetched = new Map()

export default async function (component) {
  const { module } = component.data
  try {
    if (!fetched.has(module)) fetched.set(module, await import(new URL(module, document.baseURI).href))
    return await fetched.get(module).render(component)
  } catch (error) {
    console.warn(error)
    component.parentElement.textContent = component.data.failed
  }
}
