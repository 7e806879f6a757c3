// A formula in the few commands of TeX that the losses use -> MathML. What pulls, what pushes and the value have classes
// of their own, for their colours; its words are said as `words` has them.
import { math } from "./dom.js"

const GREEK = { alpha: "α", beta: "β", gamma: "γ", delta: "δ", lambda: "λ", mu: "μ", tau: "τ", theta: "θ", psi: "ψ", ell: "ℓ" }
const SIGNS = { cdot: "·", dots: "…", sum: "∑" }
const WORDS = ["log", "cos", "tan", "min", "max"]
const MARKED = { pull: "playground-pull", push: "playground-push", value: "playground-value" }

const STILL = { stretchy: "false" }

export function mathml(source, words) {
  const reader = { words, tokens: source.match(/\\[a-z]+|\d+(?:\.\d+)?(?:e[+−-]?\d+)?|\S/gi) ?? [], at: 0 }
  return math("math", { displaystyle: "true" }, rowOf(reader, ""))
}

// Everything up to the token that ends it.
function rowOf(reader, end) {
  const parts = []
  while (reader.at < reader.tokens.length && reader.tokens[reader.at] !== end) parts.push(scripted(reader))
  if (end) reader.at += 1
  return math("mrow", {}, ...parts)
}

function scripted(reader) {
  const base = atom(reader)
  const found = {}
  while ("_^".includes(reader.tokens[reader.at] ?? " ")) found[reader.tokens[reader.at++]] = atom(reader)
  if (found._ && found["^"]) return math("msubsup", {}, base, found._, found["^"])
  if (found._) return math("msub", {}, base, found._)
  return found["^"] ? math("msup", {}, base, found["^"]) : base
}

function atom(reader) {
  const token = reader.tokens[reader.at++] ?? ""
  if (token === "{") return rowOf(reader, "}")
  if (token.startsWith("\\")) return command(token.slice(1), reader)
  if (/^\d/.test(token)) return math("mn", {}, token)
  if (/^[a-z]$/i.test(token)) return math("mi", {}, token)
  return math("mo", STILL, token === "-" ? "−" : token)
}

function command(name, reader) {
  if (name === "frac") return math("mfrac", {}, atom(reader), atom(reader))
  if (name === "bar") return math("mover", {}, atom(reader), math("mo", STILL, "¯"))
  if (name === "text") return math("mtext", {}, `\u00a0${said(reader)}\u00a0`)
  if (name in MARKED) return math("mrow", { class: MARKED[name] }, atom(reader))
  if (WORDS.includes(name)) return math("mi", {}, name)
  return name in GREEK ? math("mi", {}, GREEK[name]) : math("mo", STILL, SIGNS[name] ?? name)
}

function said(reader) {
  const end = reader.tokens.indexOf("}", reader.at)
  const text = reader.tokens.slice(reader.at + 1, end).join("")
  reader.at = end + 1
  return reader.words[text] ?? text
}
