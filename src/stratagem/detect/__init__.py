"""Strategies and rules over events: compile (pure), scan, run."""
