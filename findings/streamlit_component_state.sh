#!/usr/bin/env bash
# Streamlit: each read of the state of a component (st.components.v2) from st.session_state makes a new Python class, as
# does each run that draws the component. A class refers to itself, so that only the garbage collector frees it, and in a
# server with many sessions it outlives the early generations: memory grows until the next whole collection. Equal values
# of two reads also have two types.
# Way out: read the state once in a run and keep plain values of it; look at memory over several whole collections before
# calling its growth a leak.
#
# Seen with Python 3.11.7 on x86-64:
#   streamlit 1.67.0
#   two reads: equal True, of one type False
#   100 reads more: 100 classes
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet streamlit==1.67.0

cd "$folder"
cat > page.py <<'PYTHON_PAGE'
import streamlit as st

show = st.components.v2.component("shown", html="<b>shown</b>", js="export default () => {}")
show(key="it", default={"number": 1}, on_number_change=lambda: None)
first, second = st.session_state["it"], st.session_state["it"]
kinds = [type(st.session_state["it"]) for _ in range(100)]
st.text(f"two reads: equal {first == second}, of one type {type(first) is type(second)}")
st.text(f"100 reads more: {len(set(kinds))} classes")
PYTHON_PAGE
venv/bin/python - 2> log <<'PYTHON'
import sys

import streamlit
from streamlit.testing.v1 import AppTest

page = AppTest.from_file("page.py", default_timeout=60).run()
print("streamlit", streamlit.__version__)
seen = [text.value for text in page.text]
print("\n".join(seen))
if page.exception or seen != ["two reads: equal True, of one type False", "100 reads more: 100 classes"]:
    sys.exit("Streamlit now hands out the state of a component otherwise.")
PYTHON
