"""Forms in private chat: one question after the other, ending in exactly one action."""
