"""Documents: files attached to tasks and orders.

Published at https://gsmtasks.com under Documents.
"""

from tasktwin_mockserver.api import operation
from tasktwin_mockserver.gsmtasks.forms import Form
from tasktwin_mockserver.gsmtasks.records import Document, FileUpload, Order, Task
from tasktwin_mockserver.gsmtasks.shapes import Made
from tasktwin_mockserver.gsmtasks.sight import found, listed
from tasktwin_mockserver.gsmtasks.universe import Call, GSMtasksWorld


@operation("listDocuments")
def list_documents(call: Call, world: GSMtasksWorld) -> list[Document]:
    """Every document that the caller sees."""
    return listed(call, world, world.documents)


@operation("getDocument")
def get_document(call: Call, world: GSMtasksWorld) -> Document:
    """One document."""
    return found(call, world, world.documents)


@operation("listDocumentsOfTask")
def list_documents_of_task(call: Call, world: GSMtasksWorld) -> list[Document]:
    """The documents of one task that the caller sees."""
    task = found(call, world, world.tasks)
    return listed(call, world, world.documents.where("task", task.id))


@operation("createDocument")
def create_document(call: Call, world: GSMtasksWorld) -> Made:
    """Attach an uploaded file to a task, to an order, or to both."""
    form = Form(call, world)
    if form.sent.get("task") is None and form.sent.get("order") is None:
        form.wrong("task", "Either a task or an order is required.")
    task = form.one("task", Task)
    form.account = task.account if task else None
    order, upload = form.one("order", Order), form.one("file_upload", FileUpload)
    form.hold()
    holder = task or order
    document = Document(
        **world.stamps(call.write, Document),
        account=holder.account if holder else "",
        task=task.id if task else None,
        order=order.id if order else None,
        file_upload=upload.id if upload else "",
        description=form.sent.get("description", ""),
        **form.values("visible_to_worker", "visible_to_client"),
    )
    return Made(call.write.put(world.documents, document))
