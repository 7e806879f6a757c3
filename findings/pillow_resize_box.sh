#!/usr/bin/env bash
# Pillow: resize(size, box=...) is not crop(box) followed by resize(size). The filter at the edges of the box takes in
# pixels from outside of it, so that a face cut out of a photograph by a detector's box has some of its surroundings in
# its border, and an encoder gives it another embedding than the same face that was saved as a file of its own, or cut
# out by torchvision's resized_crop, which crops first. Where nothing is scaled there is no difference.
# Way out: one of both, in training and wherever an image is embedded later; crop first where edges matter.
#
# Seen with Python 3.11.7 on x86-64:
#   Pillow 13.0.0
#   half as large: box up to 60, crop first up to 0, differing pixels 124 of 1024
#   half as large again: box up to 84, crop first up to 0, differing pixels 396 of 10000
#   not scaled: box up to 0, crop first up to 0, differing pixels 0 of 4096
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet pillow==13.0.0

cd "$folder"
venv/bin/python - <<'PYTHON'
import sys

import PIL
from PIL import Image

print("Pillow", PIL.__version__)
BOX = (24, 20, 88, 84)
photograph = Image.new("L", (112, 92), 255)  # bright, but for a black face
photograph.paste(0, BOX)
SEEN = {32: (60, 0, 124), 100: (84, 0, 396), 64: (0, 0, 0)}
for what, side in (("half as large", 32), ("half as large again", 100), ("not scaled", 64)):
    boxed = photograph.resize((side, side), Image.Resampling.BILINEAR, box=BOX)
    cropped = photograph.crop(BOX).resize((side, side), Image.Resampling.BILINEAR)
    differing = sum(one != other for one, other in zip(boxed.tobytes(), cropped.tobytes()))
    brightest = boxed.getextrema()[1], cropped.getextrema()[1]
    print(f"{what}: box up to {brightest[0]}, crop first up to {brightest[1]}, differing pixels {differing} of {side**2}")
    if (*brightest, differing) != SEEN[side]:
        sys.exit("Pillow now scales a box otherwise.")
PYTHON
