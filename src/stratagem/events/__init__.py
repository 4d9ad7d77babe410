"""The OCSF vocabulary: event classes, columns and the Arrow schema of `events`."""
