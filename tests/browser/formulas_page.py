"""The formula of every method, each as wide as a card on the narrowest side lets it be."""

from __future__ import annotations

import sys
from pathlib import Path

import streamlit as st

sys.path.insert(0, str(Path(__file__).parents[2]))  # `streamlit run` puts only this file's folder on the path

from core.experiment.experiment import FAMILIES
from dashboard.train import method_card

for family, kinds in FAMILIES.items():
    for name, kind in kinds.items():
        with st.container(key=f"{family}.{name}", width=315):
            method_card.show_lines(kind)
