"""The playground: a loss on a few points, what a lesson fixes of it, and what its address says.
Looks at components, settings, runs and core."""
