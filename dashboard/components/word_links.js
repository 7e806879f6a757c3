// A link to a term of the glossary opens it in this page, in place of loading the page anew. Two of these listen: one for
// the page and one for the drawer of terms, so that a link in the drawer draws the drawer alone again.
const wordOf = (link) => {
  const address = new URL(link.href, location.href)
  return address.origin === location.origin && address.pathname === location.pathname ? address.searchParams.get('word') : null
}

// Brings the word that is open into view once it is drawn, and has the keyboard go on from there after a link.
let followed = false
const show = (word, frames = 60) => {
  const card = document.querySelector(`[role=dialog] .word-card[data-word="${CSS.escape(word)}"]`)
  if (!card) return frames && requestAnimationFrame(() => show(word, frames - 1))
  card.scrollIntoView({ block: 'center' })
  if (!followed) return
  followed = false
  card.setAttribute('tabindex', '-1')
  card.focus({ preventScroll: true })
}

export default function ({ data, setTriggerValue }) {
  const follow = (event) => {
    const link = event.target.closest?.('a[href*="word="]')
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return
    if (Boolean(link.closest('[role=dialog]')) !== data.inside) return
    const word = wordOf(link)
    if (!word) return
    event.preventDefault()
    event.stopPropagation()
    followed = true
    setTriggerValue('word', word)
  }
  if (data.word) show(data.word)
  document.addEventListener('click', follow, true)
  return () => document.removeEventListener('click', follow, true)
}
