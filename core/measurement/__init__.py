"""Embeddings measured whole, by blocks whose sums add up. Looks at statistics and evidence."""
