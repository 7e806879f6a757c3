"""The Train page: controls, hints and the card of a method. Looks at runs, glossary and core."""
