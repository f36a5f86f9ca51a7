"""How the site works, with every number taken from the code."""
