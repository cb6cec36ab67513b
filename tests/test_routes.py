"""The patterns that paths are matched with."""

import pytest
from werkzeug.routing import Map, Rule

from tasktwin_mockserver.routes import Pattern


@pytest.mark.parametrize("kind", [Rule, Pattern])
def test_patterns_are_whole_rules(kind: type[Rule]) -> None:
    """They match, and build what they match, as werkzeug's own do."""
    rule = kind("/item/<guid>/file", methods=["GET"], endpoint="file")
    paths = Map([rule]).bind("")
    assert paths.match("/item/a b/file", "GET") == ("file", {"guid": "a b"})
    built = paths.build("file", {"guid": "a b", "size": "1"})
    assert built == "/item/a%20b/file?size=1"
