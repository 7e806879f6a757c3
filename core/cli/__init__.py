"""The command line, `python -m core ...`: options in, one core call, JSON and sentences out. Looks at everything."""
