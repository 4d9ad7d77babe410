"""Events at rest: Delta Lake tables."""
