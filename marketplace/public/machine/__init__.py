"""For machines: sitemaps, robots.txt and metrics."""
