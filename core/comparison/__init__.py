"""Strategies compared fairly: which trainings a comparison is made of, what each has reached, and by how much two
strategies differ over the same seeds and identities. Looks at experiment, evidence and statistics; its numbers are
measured by workers."""
