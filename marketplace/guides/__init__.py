"""Topics and guides: import from the Markdown files, look-up, revision.

Returns the provider rows found in files but makes nothing of them: `listings/importing/guide_rows.py` does.
"""
