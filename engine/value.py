"""Values: dataclasses that nobody changes, and that cost little to make.

For each address some hundred are made. A frozen dataclass sets every field by way of `object.__setattr__`,
which takes four times as long as setting it. So the type checker alone keeps values from being changed, and
they may be keys: equal values have equal hashes.
"""

from dataclasses import dataclass, field, fields
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar, dataclass_transform

if TYPE_CHECKING:
    from dataclasses import replace
else:

    def replace(value: "_T", /, **changes: Any) -> "_T":
        """Give a value that differs from this one in these fields, as `dataclasses.replace` does."""
        names, read = _fields_of(type(value))
        return type(value)(**dict(zip(names, read(value), strict=False)) | changes)


__all__ = ["replace", "value"]

_T = TypeVar("_T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def value(cls: type[_T]) -> type[_T]:
    """Make a class a value: with slots, and equal to others by its fields."""
    return dataclass(slots=True, unsafe_hash=True)(cls)


@cache
def _fields_of(cls: type[Any]) -> tuple[tuple[str, ...], "attrgetter[tuple[Any, ...]]"]:
    """Name a value's fields, and give what reads them all at once, and the first once more.

    Of a single field attrgetter would give what it holds, and not a tuple of that.
    """
    names = tuple(each.name for each in fields(cls))
    return names, attrgetter(*names, names[0])
