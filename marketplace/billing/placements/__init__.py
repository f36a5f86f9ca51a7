"""Featured placements: prices, slots, states, visibility and the waiting list."""
