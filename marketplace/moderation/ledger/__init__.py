"""The public ledger of decisions, without personal data."""
