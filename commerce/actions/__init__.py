"""Use cases: one action, one function, one transaction."""
