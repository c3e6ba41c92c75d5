"""Yardsticks and broken-out parts, each a program of its own."""
