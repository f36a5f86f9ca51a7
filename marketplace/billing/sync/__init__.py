"""Keeps placements in step with Stripe: checkout, events, state, refunds, reconciliation."""
