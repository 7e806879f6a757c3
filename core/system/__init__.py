"""What the operating system and the terminal need: files that are whole or absent, growing files of JSON lines, a
thread in the background, a line of progress, freed and limited memory, where this repository lies. Looks at nothing of
ours."""
