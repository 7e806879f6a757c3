// Figures of one group tell each other, by events on the window, the frame, the handles and the selection.
// The last word of each is kept for figures that come later.
const NAME = "live-figure"
const last = new Map()

export function tell(group, source, topic, content) {
  if (!group) return
  last.set(`${group}|${topic}`, content)
  window.dispatchEvent(new CustomEvent(NAME, { detail: { group, source, topic, content } }))
}

export const lastWord = (group, topic) => (group ? last.get(`${group}|${topic}`) : undefined)

// `group` is a function, because a figure learns its group with its first message. Returns what ends the listening.
export function listen(group, source, topic, hear) {
  const onEvent = ({ detail }) => {
    if (detail.group === group() && detail.topic === topic && detail.source !== source) hear(detail.content)
  }
  window.addEventListener(NAME, onEvent)
  return () => window.removeEventListener(NAME, onEvent)
}
