from pathlib import Path

import pytest

from core.system.locations import ASSETS, ROOT, store_root


def test_the_repository_is_where_its_readme_lies() -> None:
    assert (ROOT / "README.md").is_file() and ASSETS.is_dir()


def test_the_store_lies_where_the_variable_says_or_beside_the_code(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("METRIC_LAB_STORE", str(tmp_path))
    assert store_root() == tmp_path
    for empty in (lambda: monkeypatch.setenv("METRIC_LAB_STORE", ""), lambda: monkeypatch.delenv("METRIC_LAB_STORE")):
        empty()
        assert store_root() == ROOT / ".metric-lab"
