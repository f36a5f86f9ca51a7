"""Moderation: one queue for listings, edits, providers, claims and reviews, and the decisions on them.

A decision, the change of status and the mail that tells it are one transaction.
"""
