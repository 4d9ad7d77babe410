"""Where the work runs: local processes, or Spark executors."""
