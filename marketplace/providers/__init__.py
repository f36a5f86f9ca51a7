"""Providers: the businesses and professionals, their members, profiles, claims and registration."""
