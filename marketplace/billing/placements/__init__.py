"""Featured placements: prices, slots, visibility, the waiting list, and the emails about them."""
