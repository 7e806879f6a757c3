"""Playground: a few points to drag, a loss that pulls and pushes them, and its formula with the numbers of it all."""

from dashboard.playground import panel

panel.page()
