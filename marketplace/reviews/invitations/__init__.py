"""Invitations: a provider asks all clients of a period for a review of a listing."""
