"""A provider's one public reply to a review."""
