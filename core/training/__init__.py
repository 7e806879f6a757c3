"""From an experiment to trained weights: what one update does, the loop around it, the alarm that asks whether the
embeddings collapsed, where a linear head begins, and what was learned beside the encoder. Looks at experiments,
statistics and records."""
