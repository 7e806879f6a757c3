"""A threshold, an encoder or a comparison to take away: card, code, report, and files that other software opens. Looks
at system, records, params, distances, datasets, encoders, samplers, miners, losses, statistics, verification, evidence,
reidentification, thresholds and comparison."""
