"""A stand-in of Stripe for development and tests: the part of its API that featured placements use, with state kept in a
folder, signed deliveries, hosted pages, and controls to pay, fail, refund, dispute and lose things on purpose.

It stands apart: no part of the program imports it, and it imports none of them. The program meets it over HTTP only,
through Stripe's own library. `python -m stripe_standin --help` says how to run it.
"""
