"""What the Makefile runs that is too long for a line of it."""
