"""The provider's pages about featured placements: choosing, buying, managing."""
