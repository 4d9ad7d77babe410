"""Scenarios, event bases, and the demo story."""
