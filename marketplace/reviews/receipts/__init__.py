"""Signed receipts of what a review said and what was decided on it."""
