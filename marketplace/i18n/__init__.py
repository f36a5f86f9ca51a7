"""Languages: of addresses and of the interface, and names, dates and the table's words in each of them."""
