"""Signatures: who has put their name below a task.

Published at https://gsmtasks.com under Signatures.
"""

from tasktwin_mockserver.api import operation
from tasktwin_mockserver.gsmtasks import places
from tasktwin_mockserver.gsmtasks.forms import Form
from tasktwin_mockserver.gsmtasks.records import FileUpload, Signature, Task
from tasktwin_mockserver.gsmtasks.shapes import Made
from tasktwin_mockserver.gsmtasks.sight import found, listed
from tasktwin_mockserver.gsmtasks.universe import Call, GSMtasksWorld


@operation("listSignatures")
def list_signatures(call: Call, world: GSMtasksWorld) -> list[Signature]:
    """Every signature that the caller sees."""
    return listed(call, world, world.signatures)


@operation("getSignature")
def get_signature(call: Call, world: GSMtasksWorld) -> Signature:
    """One signature."""
    return found(call, world, world.signatures)


@operation("listSignaturesOfTask")
def list_signatures_of_task(call: Call, world: GSMtasksWorld) -> list[Signature]:
    """The signatures of one task."""
    task = found(call, world, world.tasks)
    return listed(call, world, world.signatures.where("task", task.id))


@operation("createSignature")
def create_signature(call: Call, world: GSMtasksWorld) -> Made:
    """Have somebody sign for a task."""
    form = Form(call, world)
    task, upload = form.one("task", Task), form.one("file_upload", FileUpload)
    form.hold()
    signature = Signature(
        **world.stamps(call.write, Signature),
        account=task.account if task else "",
        task=task.id if task else "",
        file_upload=upload.id if upload else "",
        signer=places.contact(form.sent["signer"]),
        location=form.sent.get("location"),
        created_by=call.user.id,
    )
    return Made(call.write.put(world.signatures, signature))
