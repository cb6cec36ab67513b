"""`/__admin`: what tests ask of the mock itself, apart from the API that it plays."""

from tasktwin_mockserver.admin.asked import AdminError, kit_version
from tasktwin_mockserver.admin.front import MOST_BYTES, Admin

__all__ = ["MOST_BYTES", "Admin", "AdminError", "kit_version"]
