"""What the files of a run say, as typed records: run.json and the line of a snapshot, and the kind of a run. Looks at
nothing."""
