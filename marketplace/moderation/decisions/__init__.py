"""Deciding: grounds, statements, the decision's row, its mails, and undoing it."""
