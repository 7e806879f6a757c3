"""The live figure, which draws everything that moves, the playground, and small ones for the address, the menu of
pages, files that are refused, and a page that ends early. Looks at wording, palette, markdown and core_words."""

# Figures that move or are dragged do not use `st.plotly_chart`: it rebuilds the chart at every change of the data, with
# a key too, and the reader's zoom dies with it. `live_figure` keeps one node. Its script travels by route and not in
# the message, because Streamlit repeats a component's inline script in every message, twice a second in a live run.
