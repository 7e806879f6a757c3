"""The Explore page: the map of a snapshot, one query, what is selected, what looks suspicious, and three questions to
its space. Looks at runs, glossary and core."""
