#!/usr/bin/env bash
# Streamlit: a field with a key stays the same field when its label changes, and what was typed stays. A popover, an expander
# or tabs that tell the script whether they are open do not: with another label, as in "3 runs" after one was deleted inside
# it, they are new ones, closed, and `st.session_state[key]` is False, though the key is the same.
# Way out: keep the label as it was while the container is open, and change it with the next run after it was closed.
#
# Seen with Python 3.11.7 on x86-64:
#   streamlit 1.67.0
#   another label, the same key: text_input is the same
#   another label, the same key: selectbox is the same
#   another label, the same key: popover is another one
#   another label, the same key: expander is another one
#   another label, the same key: tabs is another one
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet streamlit==1.67.0

cd "$folder"
venv/bin/python - <<'PYTHON'
import logging
import sys

import streamlit as st
from streamlit.testing.v1 import AppTest

logging.disable(logging.CRITICAL)  # there is no page here, and Streamlit says so
SCRIPT = """
import streamlit as st

label = f"{st.session_state.get('runs', 4)} runs"
st.text_input(label, key="text_input")
st.selectbox(label, ["first", "second"], key="selectbox")
st.popover(label, key="popover", on_change="rerun")
st.expander(label, key="expander", on_change="rerun")
st.tabs([label, "others"], key="tabs", on_change="rerun")
"""


def identities(block):
    """The identity that the browser is told, by key."""
    found = {}
    for child in getattr(block, "children", {}).values():
        proto = getattr(child, "proto", None)
        if identity := getattr(proto, "id", ""):
            found[identity.rpartition("-")[2]] = identity
        found |= identities(child)
    return found


app = AppTest.from_string(SCRIPT).run()
before = identities(app._tree)
app.session_state["runs"] = 3
app.run()
after = identities(app._tree)
print(f"streamlit {st.__version__}")
same = {key: before[key] == after.get(key) for key in ("text_input", "selectbox", "popover", "expander", "tabs")}
for key, is_same in same.items():
    print(f"another label, the same key: {key} is {'the same' if is_same else 'another one'}")
if list(same.values()) != [True, True, False, False, False]:
    sys.exit("Containers with a key now stay the same when their label changes.")
PYTHON
