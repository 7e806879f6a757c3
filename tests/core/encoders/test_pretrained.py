from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from torchvision.models import get_weight

from core.encoders.pretrained import PRETRAINED, absence, cache_folder, check_digest, pretrained_state
from tests.core.hub import NETWORK, cached_weights, without_network
from tests.imports import ROOT


@pytest.mark.parametrize("network", PRETRAINED)
def test_every_file_is_the_one_that_torchvision_names(network: str) -> None:
    weights = PRETRAINED[network]
    named = get_weight(weights.name)
    assert named.url.rpartition("/")[2] == weights.file
    assert (
        weights.megabytes == round(named.meta["_file_size"] + 0.05)
        or abs(weights.megabytes - named.meta["_file_size"]) < 1
    )
    assert len(weights.digest) == 8 and int(weights.digest, 16) > 0


@pytest.mark.parametrize("variables", [{}, {"TORCH_HOME": "/a/b"}, {"XDG_CACHE_HOME": "/c"}])
def test_the_cache_is_that_of_torch(variables: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TORCH_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert str(cache_folder()) == os.path.join(torch.hub.get_dir(), "checkpoints")


def test_weights_that_are_here_are_read_and_nothing_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = cached_weights(tmp_path, monkeypatch)
    without_network(monkeypatch)
    found = pretrained_state(NETWORK)
    assert not absence(NETWORK) and list(found) == list(expected)
    assert all(torch.equal(found[name], tensor) for name, tensor in expected.items())


def test_without_file_and_network_it_says_what_to_put_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    without_network(monkeypatch)
    with pytest.raises(ValueError, match=r"must be on this machine or to be had from the network, got no file") as said:
        pretrained_state("resnet18")
    for part in ("resnet18-f37072fd.pth", str(cache_folder()), "Name or service not known", "choose random weights"):
        assert part in str(said.value)
    assert "resnet18-f37072fd.pth" in absence("resnet18") and str(tmp_path) not in absence("resnet18")


def test_a_download_is_checked_and_takes_its_name_when_it_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = cached_weights(tmp_path / "elsewhere", monkeypatch)
    content = PRETRAINED[NETWORK].path.read_bytes()
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "here"))
    asked: list[tuple[str, str]] = []

    def serve(address: str, path: str, digest: str, progress: bool) -> None:
        asked.append((address, digest))
        Path(path).write_bytes(content)

    monkeypatch.setattr("torch.hub.download_url_to_file", serve)
    assert list(pretrained_state(NETWORK)) == list(expected)
    assert asked == [(get_weight(PRETRAINED[NETWORK].name).url, PRETRAINED[NETWORK].digest)]
    pretrained_state(NETWORK)
    assert len(asked) == 1, "what is here is not fetched again"


def test_a_file_cut_off_is_refused_and_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cached_weights(tmp_path, monkeypatch)
    path = PRETRAINED[NETWORK].path
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ValueError, match="the SHA-256 of .* must begin with"):
        pretrained_state(NETWORK)
    assert path.exists()


def test_what_is_no_file_of_weights_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cached_weights(tmp_path, monkeypatch)
    digest = hashlib.sha256(b"no weights").hexdigest()
    other = PRETRAINED[NETWORK]._replace(file=f"other-{digest[:8]}.pth")
    monkeypatch.setitem(PRETRAINED, NETWORK, other)
    other.path.write_bytes(b"no weights")
    with pytest.raises(ValueError, match="must hold weights, got"):
        pretrained_state(NETWORK)


def test_a_digest_is_compared_as_far_as_it_is_given(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"abc")
    whole = hashlib.sha256(b"abc").hexdigest()
    check_digest(file, whole)
    check_digest(file, whole[:8])
    with pytest.raises(ValueError, match=f"must begin with 00000000, got {whole[:8]}"):
        check_digest(file, "00000000")
    with pytest.raises(ValueError, match="must be readable, got No such file"):
        check_digest(tmp_path / "none", whole)


def test_a_page_asks_whether_weights_are_here_without_torch() -> None:
    code = (
        "import sys\nfrom core.encoders import Backbone\nBackbone().absence\n"
        "assert not {'torch', 'torchvision', 'numpy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, env=os.environ | {"PYTHONPATH": str(ROOT)})
