"""The people whom tests of HiTask know, and what it takes to be one of them."""

ACTORS = (
    "owner",
    "administrator",
    "manager",
    "member",
    "colleague",
    "outsider",
    "personal",
)
"""In the order in which one of them stands in where there is no owner."""

KEYS = ("login", "password")
