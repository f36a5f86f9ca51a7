"""The moderators' queue: what waits, in which order, and the pages that show it."""
