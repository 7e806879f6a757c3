// The page says which language it is in; Streamlit's own page always says English.
export default function ({ data }) {
  document.documentElement.lang = data.language === 'zh' ? 'zh-Hans' : data.language
}
