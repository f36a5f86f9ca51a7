"""Appeals against decisions, decided by another moderator."""
