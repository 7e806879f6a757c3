// Puts into the address what the page shows, without an entry in the browser's history: going back leads elsewhere. An
// address that says something else by now than the server knew stays as it is: what was chosen since comes with it.
export default function ({ data }) {
  const isElsewhere = data.page && !location.pathname.endsWith(`/${data.page}`) // the reader has left since
  const [before, query] = [data.before, data.query].map((text) => (text ? `?${text}` : ""))
  if (isElsewhere || query === before || location.search !== before) return
  history.replaceState(history.state, "", location.pathname + query + location.hash)
}
