"""Every source file with logic has a test file of its name, or stands in a list here."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("core", "dashboard")

# A source file tested under another name, with the test that fails when the file is emptied.
EXCEPTIONS: dict[str, str] = {
    "core/makers/floors.py": "tests/test_floors.py",
}

# Source files without a test file of their name yet. This list only shrinks.
MISSING = frozenset(
    {
        "core/__main__.py",
        "core/batch/pair_functions.py",
        "core/cli/reading_options.py",
        "core/cli/record.py",
        "core/cli/statistics.py",
        "core/cli/train.py",
        "core/distances/base.py",
        "core/encoders/base.py",
        "core/evidence/promises.py",
        "core/evidence/vouching.py",
        "core/kernels/batch_distances.py",
        "core/kernels/batch_pairs.py",
        "core/kernels/batch_triplets.py",
        "core/kernels/direct_differences.py",
        "core/kernels/first_match.py",
        "core/kernels/mining.py",
        "core/kernels/nearest.py",
        "core/kernels/neighbour_order.py",
        "core/kernels/pair_histogram.py",
        "core/kernels/pair_lists.py",
        "core/kernels/ranking.py",
        "core/kernels/triplet_census.py",
        "core/linter/of_batches.py",
        "core/linter/of_distances.py",
        "core/linter/of_training.py",
        "core/losses/base.py",
        "core/losses/class_rows.py",
        "core/losses/triplet_terms.py",
        "core/maps/umap_layout.py",
        "core/miners/base.py",
        "core/miners/semi_hard_rules.py",
        "core/miners/weighted_draws.py",
        "core/readers/column_names.py",
        "core/readers/column_roles.py",
        "core/readers/folds.py",
        "core/readers/listed_distances.py",
        "core/readers/numbered_pairs.py",
        "core/readers/pair_columns.py",
        "core/readers/pair_list.py",
        "core/readers/pair_reader.py",
        "core/readers/sample_rows.py",
        "core/readers/score_cells.py",
        "core/readers/truths.py",
        "core/readers/understanding.py",
        "core/reidentification/pairs.py",
        "core/runs/index.py",
        "core/runs/run_row.py",
        "core/samplers/base.py",
        "core/statistics/checks.py",
        "core/statistics/distance_blocks.py",
        "core/statistics/product_blocks.py",
        "core/statistics/rounding.py",
        "core/statistics/spans.py",
        "core/verification/goals/base.py",
    }
)
MOST_MISSING = 54
MOST_EXCEPTIONS = 15


def has_logic(path: Path) -> bool:
    """Whether a file defines a function, or a class with a method that does something."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            return True
        if isinstance(node, ast.ClassDef) and not is_protocol(node):
            if any(isinstance(part, ast.FunctionDef) for part in node.body):
                return True
    return False


def is_protocol(node: ast.ClassDef) -> bool:
    """Whether a class is a Protocol, whose methods only name what others do."""
    return any("Protocol" in ast.unparse(base) for base in node.bases)


def untested_files() -> set[str]:
    """The source files with logic that have no test file of their name."""
    untested = set()
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            source = path.relative_to(ROOT)
            twin = ROOT / "tests" / source.parent / f"test_{source.name}"
            if source.name != "__init__.py" and has_logic(path) and not twin.exists():
                untested.add(source.as_posix())
    return untested


def test_every_source_file_with_logic_has_its_test() -> None:
    unnamed = untested_files() - set(EXCEPTIONS) - MISSING
    assert not unnamed, f"no tests/.../test_NAME.py for {sorted(unnamed)}"


def test_the_lists_name_only_files_without_a_test_of_their_name() -> None:
    stale = (set(EXCEPTIONS) | MISSING) - untested_files()
    assert not stale, f"take {sorted(stale)} off the lists"


def test_the_lists_only_shrink() -> None:
    assert len(MISSING) <= MOST_MISSING
    assert len(EXCEPTIONS) <= MOST_EXCEPTIONS
    assert not MISSING & set(EXCEPTIONS)


def test_every_exception_names_a_test_that_exists() -> None:
    lost = [test for test in EXCEPTIONS.values() if not (ROOT / test).is_file()]
    assert not lost
