"""The process that owns the queue of a store, and the cluster that it runs jobs on. Looks at jobs,
admission and runs."""
