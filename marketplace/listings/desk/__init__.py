"""The provider's pages about listings: the list, the form, the preview, and the one-press changes."""
