"""Home, countries, guide, listing and provider pages, and search."""
