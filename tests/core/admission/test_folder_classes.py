import pytest

from core.admission.folder_classes import classes_by_folder


@pytest.mark.parametrize(
    "names, labels",
    [
        (["a/1.png", "a/2.png", "b/1.png"], ["a", "a", "b"]),
        (["root/a/1.png", "root/b/1.png"], ["a", "b"]),
        (["root/faces/a/1.png", "root/faces/b/deep/1.png"], ["a", "b"]),
        (["root/001/1.png", "root/NA/1.png", "root/1/1.png"], ["001", "NA", "1"]),
        (["only/1.png", "only/2.png"], ["only", "only"]),
        (["1.png", "2.png"], ["all", "all"]),
        (["a/x/1.png", "a/y/1.png"], ["x", "y"]),
        (["a\\1.png", "b\\1.png"], ["a", "b"]),
    ],
)
def test_a_class_is_the_first_folder_below_the_one_that_holds_several(names: list[str], labels: list[str]) -> None:
    assert classes_by_folder(names) == {"label": labels}


def test_a_group_is_the_folder_below_that_of_the_class() -> None:
    names = ["root/a/camera 1/1.png", "root/a/camera 2/1.png", "root/b/camera 1/deep/1.png"]
    found = classes_by_folder(names, has_groups=True)
    assert found == {"label": ["a", "a", "b"], "group": ["camera 1", "camera 2", "camera 1"]}


def test_files_outside_of_all_classes_are_named() -> None:
    with pytest.raises(ValueError, match="must lie in a folder for its class, got 1 of 3 that do not, such as 'r/x.p"):
        classes_by_folder(["r/a/1.png", "r/b/1.png", "r/x.png"])
    with pytest.raises(ValueError, match="must lie in a folder for its group within that of its class, got 2 of 3"):
        classes_by_folder(["a/1.png", "b/1.png", "b/x/1.png"], has_groups=True)
