"""Two to four listings side by side."""
