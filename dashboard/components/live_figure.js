// Streamlit repeats this text in every message, so it only fetches the component, which a route of the app serves once.
export default async function (component) {
  try {
    const { render } = await import(new URL(component.data.module, document.baseURI).href)
    return await render(component)
  } catch (error) {
    console.warn(error)
    component.parentElement.textContent = component.data.failed
  }
}
