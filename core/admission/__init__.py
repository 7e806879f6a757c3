"""What somebody brings, taken in: files out of folders and archives, decoded, checked and kept as a data set of one
form. Looks at readers, runs, experiment, datasets, evidence and kernels."""

# What: whatever is brought becomes one folder of plain arrays (core/datasets/admitted.py), and only that is read
# afterwards. Why in a process of its own (apart.py): decoders meet whatever bytes there are, so they get so much memory
# and no more, and whatever becomes of them is a sentence. Why streams: nothing is unpacked to the disk, so a name in an
# archive can lead nowhere, and memory stays flat however much comes.
# Refused: keeping the files as they came, which would be decoded again and again, and by the web process, too.
