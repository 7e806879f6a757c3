"""What losses and miners stand on: the distances of a batch, the pairs and triplets taken from it, and their sums with
a gradient. Looks at kernels and lazy."""
