"""Runs on disk: run folders, the store that lists them, checkpoints, forks and parts. Looks at training, evidence,
comparison and records."""
