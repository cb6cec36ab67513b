"""XML from somebody who is not trusted, as a tree of elements.

No document can make its reader slow, or have it fetch anything: document types, and
with them entities, are refused before one is declared, and whatever is too large, too
deep or too many is refused before it is held.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

MOST_BYTES = 32 * 1024 * 1024
MOST_TAG = 64 * 1024
MOST_ELEMENTS = 500_000
MOST_LEVELS = 64
CHUNK = 64 * 1024
ENCODING = "utf-8"
VERSION = "1.0"


class MarkupError(ValueError):
    """What was to be read is no XML, or none that anybody should read."""


class DocumentTypeError(MarkupError):
    """It has a document type, which could declare entities."""


@dataclass(slots=True)
class Element:
    """One element; `parts` are the texts right inside it, in the document's order."""

    name: str
    attributes: Mapping[str, str]
    children: list["Element"] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All the text right inside it, white space and all."""
        return "".join(self.parts)


def parse(body: bytes) -> Element:
    """The root of the document. Raises `MarkupError`."""
    if len(body) > MOST_BYTES:
        raise MarkupError(f"more than {MOST_BYTES} bytes")
    if b"\0" in body or not _is_utf8(body):
        raise MarkupError("no UTF-8")
    reader = _Reader()
    try:
        for start in range(0, len(body), CHUNK):
            reader.feed(body[start : start + CHUNK])
        return reader.end()
    except expat.ExpatError as error:
        raise MarkupError(f"no well-formed XML: {error}") from None


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


class _Reader:
    """Builds the tree while expat goes through the document."""

    def __init__(self) -> None:
        self._parser = parser = expat.ParserCreate(ENCODING)
        parser.buffer_text = True
        parser.buffer_size = CHUNK
        parser.XmlDeclHandler = self._declared
        parser.StartDoctypeDeclHandler = self._document_type
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        self._open: list[Element] = []
        self._pieces: list[str] = []
        parser.CharacterDataHandler = self._pieces.append
        self._root: Element | None = None
        self._fed = self._count = 0

    def feed(self, chunk: bytes) -> None:
        """Go on with the next part of the document."""
        self._fed += len(chunk)
        self._parser.Parse(chunk, False)
        # Text is told as it comes, so what waits is a tag that has not ended.
        if self._fed - self._parser.CurrentByteIndex > MOST_TAG + CHUNK:
            raise MarkupError(f"a tag of more than {MOST_TAG} bytes")

    def end(self) -> Element:
        """The root, after the last part."""
        self._parser.Parse(b"", True)
        assert self._root is not None
        return self._root

    def _declared(self, version: str, encoding: str | None, standalone: int) -> None:
        if version != VERSION:
            raise MarkupError(f"version {version[:40]!r}")
        if encoding is not None and encoding.lower() != ENCODING:
            raise MarkupError(f"declared as {encoding[:40]!r}, not as UTF-8")

    def _document_type(self, *_: object) -> None:
        raise DocumentTypeError("a document type, which could declare entities")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if self._count > MOST_ELEMENTS:
            raise MarkupError(f"more than {MOST_ELEMENTS} elements")
        if len(self._open) >= MOST_LEVELS:
            raise MarkupError(f"more than {MOST_LEVELS} elements in one another")
        element = Element(name, attributes)
        self._close_text()
        if self._open:
            self._open[-1].children.append(element)
        else:
            self._root = element
        self._open.append(element)

    def _end(self, name: str) -> None:
        self._close_text()
        self._open.pop()

    def _close_text(self) -> None:
        """Give the innermost element the text since the last tag."""
        if self._pieces:
            self._open[-1].parts.extend(self._pieces)
            self._pieces.clear()
