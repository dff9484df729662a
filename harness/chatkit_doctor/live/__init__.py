"""A user at a page, and what happens there beside it, as it happens."""
