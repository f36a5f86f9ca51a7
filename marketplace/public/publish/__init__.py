"""Publish: writes the provider tables back into the guides' files."""
