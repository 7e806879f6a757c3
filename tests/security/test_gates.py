"""What no code of ours does: unpickle what others made, ask addresses that others name, unpack archives to the disk."""

from __future__ import annotations

from tests.imports import ROOT, imported_by, python_files

SOURCES = {
    file.relative_to(ROOT).as_posix(): file.read_text() for file in [*python_files("core"), *python_files("dashboard")]
}


def saying(*words: str) -> set[str]:
    return {name for name, source in SOURCES.items() if any(word in source for word in words)}


def test_nothing_is_unpickled_but_the_answer_of_our_own_reader_in_which_only_values_are_let_in() -> None:
    files = [*python_files("core"), *python_files("dashboard")]
    importing = {file.relative_to(ROOT).as_posix() for file in files if "pickle" in imported_by(file)}
    assert importing == {"core/jobs/read_apart.py"}
    assert not saying("allow_pickle=True", "weights_only=False", "joblib", "cloudpickle", "marshal.load", "yaml.load")


def test_no_archive_is_unpacked_to_the_disk() -> None:
    assert not saying("extractall", ".extract(", "unpack_archive")


def test_no_page_has_an_address_fetched() -> None:
    """The two downloads are torchvision's, from the addresses that stand in it."""
    assert not saying("urlopen", "import requests", "http.client", "urlretrieve", "aiohttp")
    assert saying("download=True") <= {"core/datasets/fashion_mnist.py"}
    assert saying("download_url_to_file", "load_state_dict_from_url") == {"core/encoders/pretrained.py"}


def test_nothing_is_run_by_a_shell_or_made_of_text() -> None:
    assert not saying("shell=True", "os.system(", "os.popen(", " eval(", " exec(")


def test_faults_are_shown_by_their_kind_alone() -> None:
    assert 'showErrorDetails = "type"' in (ROOT / ".streamlit" / "config.toml").read_text()
