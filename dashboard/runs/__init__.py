"""Runs on every page: the store and the run in the address, what is read once, and the panel of one run. Looks at
figures, settings, markdown and core."""
