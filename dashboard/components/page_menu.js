// In a narrow window the menu of pages lies over the page. Streamlit closes it after a choice on telephones alone, by the
// name of the browser; everywhere it closes when one presses beside it, so that is what a choice is turned into.
const choose = (event) => {
  if (!event.target.closest?.('[data-testid=stSidebarNavLink]')) return
  document.querySelector('.stMain')?.dispatchEvent(new MouseEvent('mousedown', { bubbles: true }))
}

export default function () {
  document.addEventListener('click', choose)
  return () => document.removeEventListener('click', choose)
}
