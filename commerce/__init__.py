"""The rules of the shop, and the actions that carry them out."""
