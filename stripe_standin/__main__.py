"""`python -m stripe_standin`."""

from __future__ import annotations

import sys

from stripe_standin.command import main

if __name__ == "__main__":
    sys.exit(main())
