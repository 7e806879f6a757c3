"""The makers of committed files: the catalogue, the curves of losses, the standings and the recorded lessons."""
