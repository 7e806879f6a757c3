// A link to the page as the browser's address has it now, with settings added and taken out, and a button that copies it.
export default function ({ data, parentElement }) {
  const find = (name) => parentElement.querySelector(`.${name}`)
  if (!find('row')) parentElement.append(build())
  const [field, button, status] = ['field', 'button', 'status'].map(find)
  const show = () => (field.value = link(data))
  const say = (words) => (status.textContent = words)

  field.setAttribute('aria-label', data.label)
  button.textContent = data.words.copy
  if (field.value && field.value !== show()) say('')
  show()
  field.onfocus = () => (show(), field.select())
  button.onclick = async () => {
    show()
    field.select()
    say((await copied(field)) ? data.words.copied : data.words.by_hand)
    field.select()
  }
}

function build() {
  const row = element('div', 'row')
  const field = element('input', 'field')
  field.readOnly = true
  field.spellcheck = false
  const button = element('button', 'button')
  button.type = 'button'
  const status = element('div', 'status')
  status.setAttribute('role', 'status')
  row.append(field, button, status)
  return row
}

function element(kind, name) {
  const made = document.createElement(kind)
  made.className = name
  return made
}

function link(data) {
  const url = new URL(data.at || location.href, location.href)
  for (const name of data.without) url.searchParams.delete(name)
  for (const [name, value] of Object.entries(data.adds)) url.searchParams.set(name, value)
  url.hash = ''
  return url.href
}

// By the clipboard where the browser has one for this page, else as by Ctrl+C of what is selected.
async function copied(field) {
  try {
    if (navigator.clipboard && isSecureContext) return await navigator.clipboard.writeText(field.value), true
  } catch {
    // it was not allowed: by the older way
  }
  try {
    return document.execCommand('copy')
  } catch {
    return false
  }
}
