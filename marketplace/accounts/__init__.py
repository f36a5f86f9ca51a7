"""Who you are: members, moderators and admins, signing up and in.

Flask-Security on Flask-Login does the work, on our own pages. Imports no feature; features read `User`.
"""
