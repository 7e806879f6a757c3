"""The science of Metric Lab and the running of it; importable on its own: looks at nothing of the dashboard, and knows
no Streamlit and no plotly. Data flows one way: dataset, split, sampler, encoder, miner, loss, step; then snapshot,
statistics, run folder.
"""
