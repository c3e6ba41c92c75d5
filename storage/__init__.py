"""Where everything is kept: tables, transactions, inbox, outbox, search, the flood gate."""
