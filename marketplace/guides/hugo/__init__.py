"""A guide's Markdown file, read and spliced as bytes: front matter, table and cells. Pure."""
