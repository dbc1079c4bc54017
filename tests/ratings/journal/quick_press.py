"""A press that sets nothing, for tests of what is around the press: it takes an order as `ratings.journal.pdf` does."""

import json
import sys

PAGES = 4

if __name__ == "__main__":
    order = json.load(sys.stdin)
    sys.stderr.write(f"progress 50\npages {PAGES}\n")
    sys.stdout.write(f"%PDF-1.7 {order['identifier']}")
