// Puts into the address what the page shows, without an entry in the browser's history: going back leads elsewhere.
export default function ({ data }) {
  const [done, place] = [(window.metricLabAddress ??= {}), JSON.stringify(data)]
  const isElsewhere = data.page && !location.pathname.endsWith(`/${data.page}`) // the reader has left since
  if (done[data.key] === place || isElsewhere) return
  done[data.key] = place
  const query = data.query ? `?${data.query}` : ""
  if (location.search !== query) history.replaceState(history.state, "", location.pathname + query + location.hash)
}
