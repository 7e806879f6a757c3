"""Queries, galleries and distractors: which pairs count where points have roles, and the statistics of those. Looks at
verification and statistics."""
