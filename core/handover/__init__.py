"""A threshold to take away: card, report, snippet of code and the words for them. Looks at thresholds, reidentification
and records."""
