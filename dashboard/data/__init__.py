"""Your data: what a reader brings, how far it is, the card of what was found, and what becomes of it. Looks at runs,
lookups and core."""
