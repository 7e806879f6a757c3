// A formula in the few commands of TeX that the losses use -> MathML as text. What pulls, what pushes and the value have
// classes of their own, for their colours.
const GREEK = { alpha: "α", beta: "β", gamma: "γ", delta: "δ", lambda: "λ", mu: "μ", tau: "τ", theta: "θ", psi: "ψ", ell: "ℓ" }
const SIGNS = { cdot: "·", dots: "…", sum: "∑" }
const WORDS = ["log", "cos", "tan", "min", "max"]
const MARKED = { pull: "playground-pull", push: "playground-push", value: "playground-value" }

export function mathml(source) {
  const reader = { tokens: source.match(/\\[a-z]+|\d+(?:\.\d+)?(?:e[+−-]?\d+)?|\S/gi) ?? [], at: 0 }
  return `<math displaystyle="true">${rowOf(reader, "")}</math>`
}

// Everything up to the token that ends it.
function rowOf(reader, end) {
  const parts = []
  while (reader.at < reader.tokens.length && reader.tokens[reader.at] !== end) parts.push(scripted(reader))
  if (end) reader.at += 1
  return `<mrow>${parts.join("")}</mrow>`
}

function scripted(reader) {
  const base = atom(reader)
  const found = {}
  while ("_^".includes(reader.tokens[reader.at] ?? " ")) found[reader.tokens[reader.at++]] = atom(reader)
  if (found._ && found["^"]) return `<msubsup>${base}${found._}${found["^"]}</msubsup>`
  if (found._) return `<msub>${base}${found._}</msub>`
  return found["^"] ? `<msup>${base}${found["^"]}</msup>` : base
}

function atom(reader) {
  const token = reader.tokens[reader.at++] ?? ""
  if (token === "{") return rowOf(reader, "}")
  if (token.startsWith("\\")) return command(token.slice(1), reader)
  if (/^\d/.test(token)) return `<mn>${token}</mn>`
  if (/^[a-z]$/i.test(token)) return `<mi>${token}</mi>`
  return `<mo stretchy="false">${{ "-": "−", "<": "&lt;", "&": "&amp;" }[token] ?? token}</mo>`
}

function command(name, reader) {
  if (name === "frac") return `<mfrac>${atom(reader)}${atom(reader)}</mfrac>`
  if (name === "bar") return `<mover>${atom(reader)}<mo stretchy="false">¯</mo></mover>`
  if (name === "text") return `<mtext>&#160;${wordsOf(reader)}&#160;</mtext>`
  if (name in MARKED) return `<mrow class="${MARKED[name]}">${atom(reader)}</mrow>`
  if (WORDS.includes(name)) return `<mi>${name}</mi>`
  return name in GREEK ? `<mi>${GREEK[name]}</mi>` : `<mo stretchy="false">${SIGNS[name] ?? name}</mo>`
}

function wordsOf(reader) {
  const end = reader.tokens.indexOf("}", reader.at)
  const text = reader.tokens.slice(reader.at + 1, end).join("")
  reader.at = end + 1
  return text
}
