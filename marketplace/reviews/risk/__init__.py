"""How likely a review needs a closer look, and why."""
