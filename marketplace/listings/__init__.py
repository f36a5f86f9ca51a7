"""Providers, their members, and their listings: one provider's offer for one topic, with claims and edits.

Reads guides (topics) and accounts (users). Reviews and moderation stand above and call the services here.
"""
