"""The five pages, one a file: each reads what is chosen, asks the rooms below and draws. Looks at everything."""
