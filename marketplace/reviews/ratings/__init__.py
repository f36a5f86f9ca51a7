"""What a listing's published reviews come to: rating sums, and advertised against reported."""
