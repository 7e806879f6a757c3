"""Plotly figures: arrays in, figure out; no Streamlit, no reading of runs. Looks at components, palette,
wording and core."""
