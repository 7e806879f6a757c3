"""Every compiled function: arrays and numbers go in and come out. Looks at nothing of ours, not even at the file
next door: numba keeps what it compiled by its own file alone, and would not see a change in another."""
