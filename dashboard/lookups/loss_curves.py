"""The curves on a loss's card: recorded ones, those of the values that are typed, and their picture, packed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import streamlit as st

from core.batch.four_samples import curves_over_distance
from core.losses.base import Loss
from core.system.locations import ASSETS
from dashboard.components.live_figure import Packed, pack
from dashboard.figures.cards import loss_picture
from dashboard.palette import Theme
from dashboard.worded import worded

CURVES = ASSETS / "curves.json"


@cache
def recorded() -> dict[str, Mapping[str, Any]]:
    """Made by `python -m core.makers.loss_curves`: torch computed it, so that no page has to."""
    return json.loads(CURVES.read_text())


@worded(st.cache_resource(max_entries=256, show_spinner=False))
def picture(loss: Loss, theme: Theme) -> Packed | None:
    """Its value and gradient over the distance, ready to send; None where there is nothing to draw."""
    curves = curves_over_distance(loss.curve) if loss.has_curve else recorded().get(loss.name, {})
    return pack(loss_picture(curves, theme)) if "pull" in curves else None
