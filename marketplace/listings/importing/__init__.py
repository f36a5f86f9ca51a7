"""Listings in bulk: from CSV files and from the rows of guides' tables, and back to CSV."""
