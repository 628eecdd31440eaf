"""The desk: what anybody asks of us is answered before sundown, settled after, and never lost."""
