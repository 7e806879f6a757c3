"""Networks that somebody brought: one file each, its header read by code of ours, kept in the store, and run in a
process of its own with limits. Looks at system and records."""

# What: a network is a file of plain numbers and standard operators; pickles are never opened. Its header is read here,
# bounded by the size of the file, before any library sees the file, and again each time that it is opened.
# Why a process of its own (onnx_process.py): onnxruntime is a large program that meets whatever somebody wrote. It gets
# so much memory, one thread and so long; whatever becomes of it is a sentence, and no training ends with it.
# Refused: control flow (If, Loop, Scan), functions, operators outside the standard, weights in other files: none of
# them is needed to embed, and each widens what a file may ask for.
