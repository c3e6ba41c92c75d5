"""Telegram on a table: a local stand-in for the Bot API, a world behind it, a page before it."""
