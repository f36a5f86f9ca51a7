"""The only folder that knows Stripe: its API, its signed messages and what may go wrong."""
