"""`python -m marketplace.stripe_standin`."""

from __future__ import annotations

import sys

from marketplace.stripe_standin.command import main

if __name__ == "__main__":
    sys.exit(main())
