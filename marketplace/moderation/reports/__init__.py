"""Reports of reviews, replies, listings and providers, by members and visitors."""
