"""Offers: listings as every surface shows them, with their order."""
