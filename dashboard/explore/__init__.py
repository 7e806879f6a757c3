"""The Explore page: the map of a snapshot, one query, what is selected and what looks suspicious. Looks at runs and
core."""
