"""Topics and guides: import of the Markdown files, queries, revisions.

The import returns the provider rows of the files; `listings/importing/guide_rows.py` makes listings of them.
"""
