"""`/__admin`: what tests ask of the mock itself, apart from the API that it plays."""

from tasktwin_mockserver.admin.asked import AdminError, kit_version
from tasktwin_mockserver.admin.front import Admin

__all__ = ["Admin", "AdminError", "kit_version"]
