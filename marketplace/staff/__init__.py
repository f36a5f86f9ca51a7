"""Admins' pages: coverage and roles. Calls services only."""
