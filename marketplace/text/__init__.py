"""Text from outside: cleaned as it is stored, compared, and searched for what must not stand in it."""
