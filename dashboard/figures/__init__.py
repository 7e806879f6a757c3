"""Plotly figures: arrays in, figure out; no Streamlit, no reading of runs."""
