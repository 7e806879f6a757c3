"""Pairs and the thresholds that goals choose on them: scored pairs, goals, protocols, and the pairs a threshold judges
wrongly. Looks at statistics."""
