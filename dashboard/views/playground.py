"""Playground: a few points to drag, a loss that pulls and pushes them, and its formula with the numbers of the moment."""

from dashboard.playground import panel

panel.page()
