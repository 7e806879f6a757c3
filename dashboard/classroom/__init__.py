"""Class mode: what a teacher's link hides, fixes and limits, and the link to every page with its ways back. Looks at
components, entrance, settings, wording and core."""
