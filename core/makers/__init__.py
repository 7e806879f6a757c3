"""The makers of committed files: papers, the curves of losses, the standings and the recorded lessons. Looks at
everything but the engine and the command line."""
