"""`make bench`: every benchmark, one after the other."""

from __future__ import annotations

from benchmarks import corpus, pages, published, reviews, served


def main() -> None:
    """Run them all and print their ratios."""
    corpus.main()
    pages.main()
    reviews.main()
    published.main()
    served.main()


if __name__ == "__main__":
    main()
