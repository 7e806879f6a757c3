"""The Compare page: runs side by side. Looks at runs and core."""
