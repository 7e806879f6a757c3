// Files that the server is never sent: too large, several at once, a folder. Streamlit marks each with a red sign whose
// words only screen readers are told, takes one file of several and of a folder, and keeps the sign beside the next
// file. Here they are refused before Streamlit sees them, and the page says why.
export default function ({ data, setTriggerValue }) {
  const look = (event) => {
    const { target, dataTransfer } = event
    if (!target.closest?.('[data-testid=stFileUploader]')) return
    const files = [...(dataTransfer ?? target).files]
    const folder = [...(dataTransfer?.items ?? [])].some((item) => item.webkitGetAsEntry?.()?.isDirectory)
    const why = folder ? 'folder' : files.length > 1 ? 'several' : files[0]?.size > data.most ? 'large' : ''
    if (!why) return
    event.stopImmediatePropagation()
    event.preventDefault() // else the browser opens what was dropped
    if (dataTransfer) target.dispatchEvent(new DragEvent('dragleave', { bubbles: true })) // nothing hovers any more
    else target.value = '' // so that the same file can be chosen again
    setTriggerValue('refused', { why, name: files[0]?.name ?? '', bytes: files[0]?.size ?? 0, count: files.length })
  }
  for (const kind of ['change', 'drop']) addEventListener(kind, look, true)
  return () => ['change', 'drop'].forEach((kind) => removeEventListener(kind, look, true))
}
