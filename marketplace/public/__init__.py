"""The public pages that mix features: guide, listing, provider, comparison, how it works; and publishing."""
