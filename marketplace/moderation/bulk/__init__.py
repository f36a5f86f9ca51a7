"""Spam: reviews that look like one campaign, rejected together."""
