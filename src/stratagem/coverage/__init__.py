"""Which techniques are detected on which platform from which source: proven, and fed."""
