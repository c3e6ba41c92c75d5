"""Where updates come in: each is stored before Telegram is told that it arrived."""
