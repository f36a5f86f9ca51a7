"""Keeps placements in step with Stripe: events, facts, reconciliation."""
