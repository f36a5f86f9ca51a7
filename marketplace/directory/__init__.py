"""The public pages that mix features: home, countries, guide, listing, compare, search, providers; order and publishing."""
