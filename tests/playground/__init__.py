"""The stand-in's own tests, driven by two independent clients."""
