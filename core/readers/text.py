"""Files that a user brings, opened and read as text; whatever is wrong with one is said in one clear sentence."""

from __future__ import annotations

from collections.abc import Iterator
from io import BufferedReader
from os.path import isdir
from pathlib import Path

from core.system.quoting import brief

# What other files that people have at hand begin with.
_OTHERS = {
    b"PK\x03\x04": "an archive such as .npz, .zip or .xlsx",
    b"%PDF": "a PDF",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"GIF8": "an image",
    b"\xd0\xcf\x11\xe0": "a document of an older Office",
    b"\x89HDF": "an HDF5 file",
    b"\x1f\x8b": "a packed file (gzip)",
    b"\x80\x02": "objects of Python (pickle)",
    b"\x80\x03": "objects of Python (pickle)",
    b"\x80\x04": "objects of Python (pickle)",
    b"\x80\x05": "objects of Python (pickle)",
}


def opened(path: Path) -> BufferedReader:
    """The file, for reading bytes. Raises ValueError where there is none that can be read."""
    if isdir(path):  # unlike path.is_dir false for what is no path at all
        raise ValueError(f"the path must be that of a file, got the folder {path}. Give a file in it.")
    try:
        return path.open("rb")
    except FileNotFoundError:
        raise ValueError(f"the file must exist, got {path}. Check the path.") from None
    except (OSError, ValueError) as error:
        raise ValueError(f"the file must be readable, got {brief(error)}. Check the path and its rights.") from None


def text_lines(path: Path) -> Iterator[str]:
    """The lines of a UTF-8 file with their ends and without its byte order mark, read as they are asked for."""
    with opened(path) as file:
        _check_beginning(path.name, file.peek())
        for number, line in enumerate(file, 1):
            try:
                text = line.decode("utf-8-sig" if number == 1 else "utf-8")
            except UnicodeDecodeError as error:
                raise ValueError(
                    f"{path.name}, line {number} must be UTF-8 text, got the byte 0x{line[error.start]:02x}. "
                    "Save the file as text in UTF-8."
                ) from None
            yield text


def _check_beginning(name: str, beginning: bytes) -> None:
    if beginning.startswith(b"PAR1"):
        raise ValueError(
            f"{name} must be text, got a Parquet file. Bring a table of embeddings or images under Your data (python "
            "-m core import), and save pairs as text in UTF-8 (.csv)."
        )
    for signature, kind in _OTHERS.items():
        if beginning.startswith(signature):
            raise ValueError(
                f"{name} must be text, got {kind}. Save a table as text in UTF-8 (.csv), embeddings in an .npz with "
                "numpy.savez(path, embeddings=..., labels=...)."
            )
    if beginning.startswith(b"\x93NUMPY"):
        raise ValueError(
            f"{name} must be text, got an array of numpy. Bring embeddings with a file of labels under Your data "
            "(python -m core import), or save them in an .npz with numpy.savez(path, embeddings=..., labels=...)."
        )
    if b"\0" in beginning:
        raise ValueError(f"{name} must be UTF-8 text, got bytes of zero. Save the file as text in UTF-8.")
