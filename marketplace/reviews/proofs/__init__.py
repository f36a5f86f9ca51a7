"""Proofs of a review: uploaded by its author, opened by moderators alone, deleted soon."""
