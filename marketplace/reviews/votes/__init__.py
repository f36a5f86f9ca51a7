"""Helpful votes: one for each member and review."""
