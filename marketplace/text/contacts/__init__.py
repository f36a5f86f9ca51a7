"""Finds contact details in a text: mail and web addresses and telephone numbers."""
