// Streamlit hands its theme down as CSS variables; they become the plotly template, which a figure's own settings override.
export function templateOf(host) {
  const style = getComputedStyle(host)
  const get = (name, otherwise) => {
    const value = style.getPropertyValue(`--st-${name}`).trim()
    return value && value !== "unset" ? value : otherwise
  }
  const text = get("text-color", "#31333f")
  const line = get("border-color", "rgba(128,128,128,0.3)")
  const axis = {
    gridcolor: get("border-color-light", line),
    linecolor: line,
    zeroline: false,
    tickfont: { size: 11 },
    title: { font: { size: 12 }, standoff: 8 },
    automargin: true,
  }
  const panel = get("background-color", "#ffffff")
  return {
    layout: {
      font: { family: get("font", "sans-serif"), color: text, size: 12 },
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      colorway: get("chart-categorical-colors", "#0068c9,#83c9ff,#ff2b2b").split(/,(?![^(]*\))/),
      xaxis: axis,
      yaxis: axis,
      margin: { l: 44, r: 12, t: 28, b: 36 },
      legend: { orientation: "h", x: 0, xanchor: "left", y: 1, yanchor: "bottom", itemsizing: "constant" },
      hovermode: "closest",
      hoverlabel: { bgcolor: panel, bordercolor: line, font: { color: text, family: get("font", "sans-serif") } },
      modebar: { bgcolor: "rgba(0,0,0,0)", color: line, activecolor: text },
      newselection: { line: { color: text, width: 1, dash: "dot" } },
      bargap: 0,
    },
  }
}
