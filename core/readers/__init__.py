"""What users bring: embeddings, lists of pairs and scores. Every file is checked once, here, and refused in one
sentence that names it, the rule, the value and the way out. Looks at datasets, reidentification and verification."""
