"""What a worker does with one run: train it, or measure what was uploaded. Looks at every room below."""
