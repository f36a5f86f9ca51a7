"""Featured placements paid through Stripe: prices, slots, checkout, sync with Stripe's word, books, waiting list.

Neighbours: stands on `listings` (whose placements), is read by `directory` (what is shown) and `staff` (prices, books).
`gateway` is the only module that knows Stripe.
"""
