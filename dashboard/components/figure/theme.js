// Streamlit hands its theme down as CSS variables; they become the plotly template, which a figure's own settings override.
export function templateOf(host, scale) {
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
    tickfont: { size: 11 * scale },
    title: { font: { size: 12 * scale }, standoff: 8 * scale },
    automargin: true,
  }
  const panel = get("background-color", "#ffffff")
  return {
    layout: {
      font: { family: get("font", "sans-serif"), color: text, size: 12 * scale },
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      colorway: get("chart-categorical-colors", "#0068c9,#83c9ff,#ff2b2b").split(/,(?![^(]*\))/),
      xaxis: axis,
      yaxis: axis,
      margin: { l: 44 * scale, r: 12 * scale, t: 28 * scale, b: 36 * scale },
      legend: { orientation: "h", x: 0, xanchor: "left", y: 1, yanchor: "bottom", itemsizing: "constant" },
      hovermode: "closest",
      hoverlabel: { bgcolor: panel, bordercolor: line, font: { color: text, family: get("font", "sans-serif") } },
      modebar: { bgcolor: "rgba(0,0,0,0)", color: line, activecolor: text },
      newselection: { line: { color: text, width: 1, dash: "dot" } },
      bargap: 0,
    },
  }
}
