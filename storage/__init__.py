"""Remembers: lists as handed in, mailboxes and what is known of them, domains, and who does the work."""
