"""Lessons as they stand on pages: the guide above each of their steps, the evidence by which their tasks are graded,
and the list of them on Learn. Looks at glossary, playground, runs, lookups, settings, url, wording and core."""
