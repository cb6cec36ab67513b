"""Files, which are attached to activities.

Published at http://www.5pmweb.com under Attach Files and what follows.
"""

from tasktwin_mockserver import downloads
from tasktwin_mockserver.api import Answer, Download, operation
from tasktwin_mockserver.downloads import ANYTHING
from tasktwin_mockserver.fivepm import lookup
from tasktwin_mockserver.fivepm.access import require_owner
from tasktwin_mockserver.fivepm.filters import listing
from tasktwin_mockserver.fivepm.records import File
from tasktwin_mockserver.fivepm.shapes import Listing
from tasktwin_mockserver.fivepm.universe import Call, FivePmWorld

NAMELESS = "file"


@operation("activityAttachFiles")
def activity_attach_files(call: Call, world: FivePmWorld) -> Listing:
    """Attach files to an activity."""
    activity = lookup.activity(call, world, call.parameters["activityId"])
    require_owner(call.user, activity)
    made = [
        File(call.write.next("file"), row["name"], activity.id, row["file"].data)
        for row in call.parameters["files"]
    ]
    for file in made:
        call.write.put(world.files, file)
    return Listing(File, made, len(made))


@operation("activityGetFilesList")
def activity_get_files_list(call: Call, world: FivePmWorld) -> Listing:
    """The files of the activities that the caller sees."""
    return listing(call, world, File, world.files.values())


@operation("activityRemoveFile")
def activity_remove_file(call: Call, world: FivePmWorld) -> None:
    """Remove a file."""
    file, activity = lookup.file(call, world, call.parameters["id"])
    require_owner(call.user, activity)
    call.write.remove(world.files, file.id)


@operation("activityDownloadFile")
def activity_download_file(call: Call, world: FivePmWorld) -> Answer:
    """The bytes of a file, as nothing but bytes."""
    file, _ = lookup.file(call, world, call.parameters["id"])
    name = file.name.replace("\\", "/").rpartition("/")[2] or NAMELESS
    return downloads.answer(Download(name, ANYTHING, file.data))


def download(world: FivePmWorld, token: str) -> Download | None:
    """No file has an address of its own."""
    return None
