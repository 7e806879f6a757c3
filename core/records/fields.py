"""Plain values out of JSON as the fields of a record: checked by type, and what is unknown kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from functools import cache
from typing import Any, TypeAlias, get_args, get_origin, get_type_hints

JsonObject: TypeAlias = dict[str, Any]  # plain values by name, as a file has them
OTHER = "other"  # the field of a record that keeps what a newer version wrote, so that nothing is lost


def values_of(kind: type, written: object, what: str) -> JsonObject:
    """The arguments that make a `kind` of what was written down; what it has no field for is its `other`.

    Raises ValueError for what is no object, lacks a field without a default, or holds a value of another type.
    """
    if not isinstance(written, Mapping):
        raise ValueError(f"{what} must be a JSON object, got {_shown(written)}. Restore the file, or remove the run.")
    declared = _declared(kind)
    values: JsonObject = {}
    for name, (types, is_needed) in declared.items():
        value = written.get(name)
        if value is None and not is_needed:
            continue
        if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
            raise ValueError(
                f"{what} must hold a fitting {name}, got {_shown(value)}. Restore the file, or remove the run."
            )
        values[name] = tuple(value) if isinstance(value, list) else value
    return values | {OTHER: {name: value for name, value in written.items() if name not in declared}}


def written_fields(record: Any) -> JsonObject:
    """The plain values of a record by name, as JSON has them: those that are None are left out, `other` is taken in."""
    values = {name: getattr(record, name) for name in _declared(type(record))}
    plain = {
        name: list(value) if isinstance(value, tuple) else value for name, value in values.items() if value is not None
    }
    return plain | record.other


@cache
def _declared(kind: type) -> dict[str, tuple[tuple[type, ...], bool]]:
    """Each field's name with the types that JSON may have for it and whether it must be there."""
    hints = get_type_hints(kind)
    return {
        field.name: (
            _types_in(hints[field.name]),
            field.default is MISSING and field.default_factory is MISSING,
        )
        for field in fields(kind)
        if field.name != OTHER
    }


def _types_in(hint: Any) -> tuple[type, ...]:
    """float also takes whole numbers; a tuple is a JSON list, a record a JSON object."""
    if hint is float:
        return (float, int)
    if hint in (int, str, bool):
        return (hint,)
    if get_origin(hint) is tuple:
        return (list, tuple)
    inner = [one for one in get_args(hint) if one is not type(None)]
    if type(None) in get_args(hint):
        return tuple(one for each in inner for one in _types_in(each))
    return (str,) if isinstance(hint, type) and issubclass(hint, str) else (Mapping,)


def _shown(value: object) -> str:
    return "none" if value is None else repr(value)[:60]
