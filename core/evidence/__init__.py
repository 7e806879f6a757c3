"""How far a threshold and its rates can be trusted: intervals over identities, bootstrap replicates, calibration, and
the appraisal that holds all of it. Looks at verification and statistics."""
