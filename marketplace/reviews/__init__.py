"""Reviews: what one client says about one listing, with what it really cost and how long it really took.

Keeps the rating sums on the listing. Moderation stands above and calls the services here.
"""
