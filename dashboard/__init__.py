"""The pages and figures. Reads the store, draws, writes requests; does no maths and never loads torch."""
