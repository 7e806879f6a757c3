"""Who may open the pages, and who it is that does: a choice at the start, a gate before the app, a signed cookie. Looks
at wording and core."""
