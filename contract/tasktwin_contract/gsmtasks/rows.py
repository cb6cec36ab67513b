"""What lists hold; whatever a test misses there is a broken clause."""

from typing import Any, SupportsIndex, overload

from tasktwin_contract.failures import ClauseBrokenError
from tasktwin_contract.reply import Object, Reply


class Rows(list[Object]):
    """Records in a sequence."""

    @overload
    def __getitem__(self, place: SupportsIndex, /) -> Object: ...

    @overload
    def __getitem__(self, place: slice, /) -> list[Object]: ...

    def __getitem__(self, place: Any, /) -> Any:
        try:
            return super().__getitem__(place)
        except IndexError:
            raise ClauseBrokenError(f"a record at {place}", f"{len(self)}") from None

    @property
    def last(self) -> Object:
        """The last record."""
        return self[-1]

    @property
    def only(self) -> Object:
        """The one record that there is."""
        if len(self) != 1:
            raise ClauseBrokenError("one record", f"{len(self)} of them")
        return self[0]


class Listed(dict[str, Object]):
    """Records by their ids, in their sequence."""

    def __missing__(self, number: str) -> Object:
        raise ClauseBrokenError(f"{number} to be listed", f"{[*self]}"[:400])

    @property
    def only(self) -> Object:
        """The one record that there is."""
        return Rows(self.values()).only


def record_of(reply: Reply) -> Object:
    """The record that was answered."""
    if not isinstance(reply.data, Object):
        raise ClauseBrokenError("a record", reply.summary)
    return reply.data


def rows_of(reply: Reply) -> Rows:
    """The records of a list."""
    found = reply.data
    if not isinstance(found, list) or not all(isinstance(o, Object) for o in found):
        raise ClauseBrokenError("an array of records", reply.summary)
    return Rows(found)


def listed_of(reply: Reply) -> Listed:
    """The records of a list by their ids."""
    found = Listed((str(one["id"]), one) for one in rows_of(reply))
    if len(found) < len(reply.data):
        raise ClauseBrokenError("each record to be listed once", reply.summary)
    return found
