"""Dataclasses of arrays as plain lists, numbers and texts, and back: what a file of a round holds.

It follows the types that the classes declare, so a column that a class gains is written and read
without a word here. A list of records of single values becomes a table of columns.
"""

from __future__ import annotations

from dataclasses import MISSING, fields, is_dataclass
from enum import StrEnum
from functools import cache
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

import numpy as np
from numpy.typing import NDArray

from marketplace.transport.freight import Freight

_NAMES = {"Freight": Freight}  # that `matching` names only for the type checker


class NotPlain(ValueError):
    """What was read is not what the type says; the text names the place."""


def plain(value: Any, kind: Any) -> Any:
    """``value`` of the type ``kind`` as JSON would have it; fractions become texts."""
    if _is_array(kind):
        return _array_as_plain(np.asarray(value))
    if _is_table(kind):
        record = get_args(kind)[0]
        return {
            name: [plain(getattr(row, name), hint) for row in value]
            for name, hint in types_of(record).items()
        }
    if get_origin(kind) is tuple:
        return [plain(part, _part(kind, number)) for number, part in enumerate(value)]
    if is_dataclass(kind):
        return {name: plain(getattr(value, name), hint) for name, hint in types_of(kind).items()}
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, np.generic):
        return plain(value.item(), kind)
    return repr(value) if isinstance(value, float) else value


def restored(raw: Any, kind: Any, place: str = "") -> Any:
    """What `plain` was given. Raises `NotPlain`."""
    if _is_array(kind):
        return _array(raw, kind, place)
    if _is_table(kind):
        return _records(raw, get_args(kind)[0], place)
    if get_origin(kind) is tuple:
        parts = _a(list, raw, place)
        return tuple(restored(x, _part(kind, n), f"{place}[{n}]") for n, x in enumerate(parts))
    if is_dataclass(kind):
        return _object(raw, kind, place)
    return _single(raw, kind, place)


def types_of(kind: Any) -> dict[str, Any]:
    """The fields of a dataclass with their types, in order."""
    return _types_of(kind)


@cache
def _types_of(kind: type) -> dict[str, Any]:
    hints = get_type_hints(kind, localns=_NAMES)
    return {field.name: hints[field.name] for field in fields(kind)}


@cache
def _is_array(kind: Any) -> bool:
    return get_origin(kind) is np.ndarray


@cache
def _is_table(kind: Any) -> bool:
    """A list of any length of records that have no arrays and no lists."""
    args = get_args(kind)
    if get_origin(kind) is not tuple or len(args) != 2 or args[1] is not Ellipsis:
        return False
    return is_dataclass(args[0]) and not any(
        _is_array(hint) or get_origin(hint) is tuple or is_dataclass(hint)
        for hint in types_of(args[0]).values()
    )


def _part(kind: Any, number: int) -> Any:
    args = get_args(kind)
    return args[0] if args[-1] is Ellipsis else args[number]


def _array_as_plain(array: NDArray[Any]) -> Any:
    """Nested lists; an empty table, whose lists would not tell its width, as its shape."""
    if array.ndim > 1 and not array.size:
        return {"shape": list(array.shape)}
    return array.tolist()


def _array(raw: Any, kind: Any, place: str) -> NDArray[Any]:
    dtype = get_args(get_args(kind)[1])[0]
    if isinstance(raw, dict):
        return np.zeros(_a(list, raw.get("shape"), place), dtype=dtype)
    try:
        given = np.array(_a(list, raw, place))
    except ValueError as error:
        raise NotPlain(f"{place}: its rows differ in length") from error
    if given.size and given.dtype.kind not in ("b" if dtype is np.bool_ else "i"):
        raise NotPlain(f"{place}: not every entry is a {_WORDS[dtype is np.bool_]}")
    return given.astype(dtype)


_WORDS = {True: "yes or no", False: "whole number of 64 bits"}


def _records(raw: Any, kind: Any, place: str) -> tuple[Any, ...]:
    columns = _columns(raw, kind, place)
    types = types_of(kind)
    lengths = {len(_a(list, column, f"{place}.{name}")) for name, column in columns.items()}
    if len(lengths) > 1:
        raise NotPlain(f"{place}: the columns differ in length")
    return tuple(
        kind(
            **{
                name: _single(column[row], types[name], f"{place}.{name}[{row}]")
                for name, column in columns.items()
            }
        )
        for row in range(min(lengths, default=0))
    )


def _object(raw: Any, kind: Any, place: str) -> Any:
    columns, types = _columns(raw, kind, place), types_of(kind)
    values = {
        name: restored(value, types[name], f"{place}.{name}" if place else name)
        for name, value in columns.items()
    }
    try:
        return kind(**values)
    except (ValueError, TypeError, OverflowError) as error:
        raise NotPlain(f"{place}: {error}") from error


def _columns(raw: Any, kind: Any, place: str) -> dict[str, Any]:
    """What the class knows, all that it must have; what has a default may be missing."""
    given = _a(dict, raw, place)
    unknown = sorted(given.keys() - types_of(kind).keys())
    needed = {f.name for f in fields(kind) if f.default is f.default_factory is MISSING}
    missing = sorted(needed - given.keys())
    if unknown or missing:
        said = [f"“{n}” is not known" for n in unknown] + [f"“{n}” is missing" for n in missing]
        raise NotPlain(f"{place or 'file'}: {', '.join(said)}")
    return dict(given)


def _single(raw: Any, kind: Any, place: str) -> Any:
    if type(raw) is kind and kind is not float:
        return raw
    kinds = [x for x in (get_args(kind) or (kind,)) if x is not NoneType]
    if raw is None and len(kinds) < len(get_args(kind)):
        return None
    only = kinds[0]
    try:
        if only is float or (isinstance(only, type) and issubclass(only, StrEnum)):
            return only(_a(str, raw, place))
    except ValueError as error:
        raise NotPlain(f"{place}: “{raw}” is not known") from error
    return _a(only, raw, place)


def _a(kind: Any, raw: Any, place: str) -> Any:
    """``raw``, which must be of that very type: yes is not 1."""
    if type(raw) is not kind:
        raise NotPlain(f"{place}: not a {kind.__name__}")
    return raw
