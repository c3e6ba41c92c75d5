"""Stateless answers, one topic a file. Each file's last function is its table of contents."""
