const AT_ONCE = 50

// Contents by digest, for all figures of the page. A digest stands for one content for ever.
const known = new Map()

// The contents of these frames, in order; only those never seen here are fetched.
export async function contentsOf(url, digests) {
  const missing = [...new Set(digests)].filter((digest) => !known.has(digest))
  for (let from = 0; from < missing.length; from += AT_ONCE) {
    const batch = missing.slice(from, from + AT_ONCE)
    const contents = await fetched(url, batch)
    batch.forEach((digest, row) => known.set(digest, contents[row]))
  }
  return digests.map((digest) => known.get(digest))
}

// What has come without being asked for, by digest.
export function keepContents(contents) {
  for (const [digest, content] of Object.entries(contents)) known.set(digest, content)
}

async function fetched(url, digests) {
  const response = await fetch(new URL(url + digests.join(","), document.baseURI))
  if (!response.ok) throw new Error(`frames answered ${response.status}`)
  return response.json()
}

const MOST_LARGE = 40
const WAITS = [0, 0.3, 1, 2, 4] // seconds

// What a message of any figure of the page named last by its digest, beside frames: there is always more of it.
const large = new Map()

// What these digests stand for, by digest; null where some of it must be fetched first.
export function largeOnes(digests) {
  if (!digests.every((digest) => large.has(digest))) return null
  const contents = new Map(digests.map((digest) => [digest, large.get(digest)]))
  keepLarge(contents)
  return contents
}

// Fetch it. A server that was restarted has dropped it: `ask` has a run of the page register it again.
export async function fetchLarge(url, digests, ask) {
  const missing = digests.filter((digest) => !large.has(digest))
  const found = new Map(digests.map((digest) => [digest, large.get(digest)]))
  for (const [row, seconds] of WAITS.entries()) {
    if (seconds) await new Promise((resolve) => setTimeout(resolve, 1000 * seconds))
    try {
      const contents = await fetched(url, missing)
      missing.forEach((digest, at) => found.set(digest, contents[at]))
      keepLarge(found)
      return found
    } catch (error) {
      if (row === WAITS.length - 1) throw error
      if (row === 0) ask()
    }
  }
}

// The frames that these lists name, in order; `ask` as above.
export async function chaptersOf(url, digests, ask) {
  const missing = digests.filter((digest) => !known.has(digest))
  for (let from = 0; from < missing.length; from += AT_ONCE) {
    const contents = await fetchLarge(url, missing.slice(from, from + AT_ONCE), ask)
    contents.forEach((content, digest) => known.set(digest, content))
  }
  return digests.flatMap((digest) => known.get(digest))
}

function keepLarge(contents) {
  for (const [digest, content] of contents) {
    large.delete(digest)
    large.set(digest, content)
  }
  for (const digest of [...large.keys()].slice(0, -MOST_LARGE)) large.delete(digest)
}
