"""Featured placements paid through Stripe.

Folders, each importing only those to its right: `desk` (the provider's pages) → `sync` (checkout, Stripe's events and state)
→ `placements` (prices, slots, waiting list, visibility) → `stripe` (the only folder that imports Stripe's client). All of
them use `models`, `ledger` and `alarms`.
"""
