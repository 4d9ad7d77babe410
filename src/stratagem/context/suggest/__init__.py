"""Proposals for the context from history, each with its evidence: a diff for people to review."""
