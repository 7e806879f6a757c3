"""How far a threshold and its rates can be trusted: intervals over identities, bootstrap replicates, calibration,
the appraisal that holds all of it, and whether one space beats another. Looks at verification, statistics and
records."""
