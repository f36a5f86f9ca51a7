"""`make bench`: every benchmark, one after the other; with `QUICK=1` only the table of one size."""

from __future__ import annotations

import os

from benchmarks import corpus, pages, published, reviews, served, table


def main() -> None:
    """Run them all and print their ratios."""
    if os.environ.get("QUICK"):
        table.main(quick=True)
        return
    corpus.main()
    pages.main()
    reviews.main()
    published.main()
    served.main()
    table.main()


if __name__ == "__main__":
    main()
