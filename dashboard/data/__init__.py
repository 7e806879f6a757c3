"""Your data: what a reader brings, how far it is, and the card of what was found. Looks at lookups and core."""
