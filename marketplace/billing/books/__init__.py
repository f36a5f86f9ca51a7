"""The books: payments, refunds and disputes, and where their receipts stand."""
