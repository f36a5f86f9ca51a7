"""Public pages are kept and served without entering Flask, as long as nothing that they show has changed.

A public page is a function of (address with query, revisions, day in UTC, release). Its view names the revisions
(`public.public_page`); the outermost WSGI layer (`layer`) keeps the finished page in memory (`memory`), and before each use
proves that its revisions stand (`proof`). `shared` lets processes and machines take finished pages from each other.
"""
