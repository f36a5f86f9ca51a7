"""Long rounds of placements: random stories, events lost, repeated and reordered, workers killed with -9; in the end
everything equals what Stripe's stand-in holds.
"""
