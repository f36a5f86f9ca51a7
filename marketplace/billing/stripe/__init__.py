"""The only folder that imports Stripe's client: calls, errors and signed messages."""
