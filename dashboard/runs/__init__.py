"""Runs on every page: the choice of them, the panel of one, and what is asked of the engine. Looks at lookups,
settings, classroom and core."""
