"""Weights of ONNX files: as many values as their shape says, in the file itself."""

from __future__ import annotations

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper

from core.models.onnx_tensor import check_tensor

TYPES = (
    TensorProto.FLOAT,
    TensorProto.DOUBLE,
    TensorProto.FLOAT16,
    TensorProto.BFLOAT16,
    TensorProto.INT8,
    TensorProto.UINT8,
    TensorProto.INT32,
    TensorProto.INT64,
    TensorProto.UINT64,
    TensorProto.BOOL,
)


def checked(tensor: TensorProto) -> tuple[str, int]:
    return check_tensor(memoryview(tensor.SerializeToString()))


@pytest.mark.parametrize("kind", TYPES, ids=TensorProto.DataType.Name)
@pytest.mark.parametrize("shape", [(2, 3), (5,), (), (0, 4)])
def test_values_are_counted_however_they_are_written(kind: int, shape: tuple[int, ...]) -> None:
    count = int(np.prod(shape))
    values = [1] * count
    assert checked(helper.make_tensor("w", kind, shape, values)) == ("w", count)
    array = np.array(values).reshape(shape).astype(helper.tensor_dtype_to_np_dtype(kind))
    assert checked(numpy_helper.from_array(array, "w")) == ("w", count)


def test_large_and_negative_whole_numbers_count_as_one_each() -> None:
    assert checked(helper.make_tensor("w", TensorProto.INT64, (4,), [-1, 2**62, 300, 0])) == ("w", 4)


@pytest.mark.parametrize("shape", [(3, 3), (1,), (2**31, 2**31, 2**31), (0,)])
@pytest.mark.parametrize("is_raw", [False, True])
def test_a_shape_that_lies_is_refused(shape: tuple[int, ...], is_raw: bool) -> None:
    tensor = numpy_helper.from_array(np.ones(6, np.float32), "w")
    if not is_raw:
        tensor = helper.make_tensor("w", TensorProto.FLOAT, (6,), [1.0] * 6)
    del tensor.dims[:]
    tensor.dims.extend(shape)
    with pytest.raises(ValueError, match=r"a weight of shape .* must hold .* (bytes|values), got (24|6) in 'w'"):
        checked(tensor)


def test_negative_and_too_many_axes_are_refused() -> None:
    for dims in ([-1], [1] * 17):
        with pytest.raises(ValueError, match="a weight must have at most 16 axes of whole lengths"):
            checked(TensorProto(dims=dims, data_type=1, raw_data=b"\x00" * 4))


def test_weights_in_another_file_are_refused_with_what_to_do() -> None:
    for located in (
        TensorProto(dims=[1], data_type=1, data_location=TensorProto.EXTERNAL),
        TensorProto(dims=[1], data_type=1, external_data=[{"key": "location", "value": "../other"}]),
    ):
        with pytest.raises(ValueError, match=r"must be one file, got weights that lie in another.*external_data=False"):
            checked(located)


def test_strings_parts_and_rare_types_are_refused() -> None:
    with pytest.raises(ValueError, match="weights must be whole and of numbers, got parts or strings"):
        checked(TensorProto(dims=[1], data_type=8, string_data=[b"a"]))
    with pytest.raises(ValueError, match="weights must be of common types of numbers, got type 14"):
        checked(TensorProto(dims=[1], data_type=TensorProto.COMPLEX64, raw_data=b"\x00" * 8))
