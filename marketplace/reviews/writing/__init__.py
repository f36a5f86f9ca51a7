"""Writing, editing and withdrawing a review."""
