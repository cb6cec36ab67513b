"""Records as bytes, and back, as a durable world's file holds them.

An API has nothing to say about its records but where they are: every class whose
objects stand in a table is a `msgspec.Struct` or a dataclass of its package, or of the
module `records` in that.
"""

import dataclasses
import zlib
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from hashlib import blake2b
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import msgspec
from msgspec import inspect

CHECK = 4  # bytes
DIGEST = 16
LONG = 256  # bytes that are kept by content, once, however many records have them
MSGPACK, JSON = b"m", b"j"
HERE, ELSEWHERE = b"=", b"#"

encode_msgpack = msgspec.msgpack.Encoder().encode
encode_json = msgspec.json.Encoder().encode


class PackingError(Exception):
    """What stands in a table cannot be kept, or what was kept cannot be read."""


class DamageError(PackingError):
    """Bytes are not those that were kept."""


def pack(value: object) -> bytes:
    """`value` as bytes; JSON is for whole numbers that MessagePack has no room for."""
    try:
        return MSGPACK + encode_msgpack(value)
    except OverflowError:
        return JSON + encode_json(value)


def unpack(data: bytes, kind: Any) -> Any:
    """What `pack` made of something of that kind."""
    decode = msgspec.json.decode if data[:1] == JSON else msgspec.msgpack.decode
    return decode(data[1:], type=kind)


def seal(data: bytes, place: bytes = b"") -> bytes:
    """`data` with a checksum, by which it can be read at that place only."""
    return data + zlib.crc32(data, zlib.crc32(place)).to_bytes(CHECK, "big")


def unseal(sealed: object, place: bytes = b"") -> bytes:
    """What was sealed there. Raises `DamageError`."""
    if not isinstance(sealed, bytes) or seal(sealed[:-CHECK], place) != sealed:
        raise DamageError("a checksum is wrong")
    return sealed[:-CHECK]


def digest_of(content: bytes) -> bytes:
    """What stands for a content."""
    return blake2b(content, digest_size=DIGEST).digest()


class Kind:
    """One class of records; those of its fields that hold bytes may be long."""

    def __init__(self, kind: type) -> None:
        self.kind = kind
        self.name = kind.__qualname__
        self._replace: Callable[..., Any] = (
            msgspec.structs.replace
            if issubclass(kind, msgspec.Struct)
            else dataclasses.replace
        )

    @cached_property
    def bulky(self) -> tuple[str, ...]:
        """The fields that hold bytes."""
        info = inspect.type_info(self.kind)
        assert isinstance(info, inspect.StructType | inspect.DataclassType)  # noqa: S101
        return tuple(field.name for field in info.fields if _is_bytes(field.type))

    @cached_property
    def _decoders(self) -> dict[bytes, Callable[[bytes], Any]]:
        return {
            MSGPACK: msgspec.msgpack.Decoder(self.kind).decode,
            JSON: msgspec.json.Decoder(self.kind).decode,
        }

    def pack(self, record: Any) -> tuple[bytes, dict[bytes, bytes]]:
        """`record` as bytes, and the contents that are kept apart, by digest."""
        if not self.bulky:
            return pack(record), {}
        contents: dict[bytes, bytes] = {}
        short: dict[str, bytes] = {}
        for name in self.bulky:
            content = getattr(record, name)
            if content is None:
                continue
            if len(content) < LONG:
                short[name] = HERE + content
            else:
                digest = digest_of(content)
                contents[digest] = content
                short[name] = ELSEWHERE + digest
        return pack(self._replace(record, **short)), contents

    def unpack(
        self, data: bytes, contents: Mapping[bytes, bytes], used: set[bytes]
    ) -> Any:
        """The record that was packed; `used` gets the digests of its contents.

        Raises `PackingError`.
        """
        try:
            record = self._decoders[data[:1]](data[1:])
        except (msgspec.MsgspecError, KeyError) as error:
            raise PackingError(f"{self.name} is not what it was: {error}") from None
        long: dict[str, bytes] = {}
        for name in self.bulky:
            content = getattr(record, name)
            if content is None:
                continue
            if content[:1] == HERE:
                long[name] = content[1:]
            elif content[1:] in contents:
                long[name] = contents[content[1:]]
                used.add(content[1:])
            else:
                raise DamageError(f"the {name} of {self.name} is missing")
        return self._replace(record, **long) if long else record


class Kinds:
    """The classes of an API's records, by their names."""

    def __init__(self, package: str) -> None:
        self._package = package
        records = f"{package}.records"
        modules = [package, *([records] if find_spec(records) else [])]
        self._kinds = {
            name: Kind(kind)
            for module in modules
            for name, kind in vars(import_module(module)).items()
            if isinstance(kind, type) and _is_record(kind, package)
        }

    def __iter__(self) -> Iterator[Kind]:
        return iter(self._kinds.values())

    def of(self, record: object) -> Kind:
        """The class of `record`. Raises `PackingError` for one that is elsewhere."""
        kind = self._kinds.get(type(record).__qualname__)
        if kind is None or kind.kind is not type(record):
            raise PackingError(
                f"a {type(record).__qualname__} cannot be kept in a state file: it is"
                f" no msgspec.Struct and no dataclass of {self._package}.records"
            )
        return kind

    def named(self, name: str) -> Kind:
        """The class called so. Raises `PackingError`."""
        if name not in self._kinds:
            raise PackingError(f"there is no record called {name!r}")
        return self._kinds[name]


def _is_record(kind: type, package: str) -> bool:
    record = issubclass(kind, msgspec.Struct) or dataclasses.is_dataclass(kind)
    return record and f"{kind.__module__}.".startswith(f"{package}.")


def _is_bytes(kind: inspect.Type) -> bool:
    if isinstance(kind, inspect.UnionType):
        return any(map(_is_bytes, kind.types))
    return isinstance(kind, inspect.BytesType)
