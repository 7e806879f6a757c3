"""Words: every term of the pages with a sentence and a picture, looked up beside what one reads. Looks at runs,
settings, components, palette and wording."""
