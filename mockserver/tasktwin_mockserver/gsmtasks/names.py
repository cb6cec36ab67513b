"""What follows from names."""

import re
from unicodedata import normalize

from tasktwin_mockserver.gsmtasks.records import User

APART = re.compile(r"[^a-z0-9]+")


def slug_of(name: str) -> str:
    """A name for machines: lower case, its words joined by hyphens."""
    plain = normalize("NFKD", name).encode("ascii", "ignore").decode()
    return APART.sub("-", plain.lower()).strip("-")


def display_name(user: User) -> str:
    """What a user is called: by their names or, without any, by their e-mail."""
    return f"{user.first_name} {user.last_name}".strip() or user.email
