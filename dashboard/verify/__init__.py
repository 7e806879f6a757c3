"""The Verify page: uploads, goals, thresholds and the sections under them. Looks at runs and core."""
