"""The playground of Learn: a loss on a few points, what a lesson fixes of it, and what its address says.
Looks at settings and runs."""
