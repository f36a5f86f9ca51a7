"""Finds personal data of people in a text, and covers it."""
