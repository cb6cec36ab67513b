"""Tags: the words by which a team finds its items again.

Published at https://hitask.com under Tag.
"""

from msgspec.structs import replace

from tasktwin_mockserver.api import operation
from tasktwin_mockserver.hitask.changes import change
from tasktwin_mockserver.hitask.errors import InvalidDataError, NotFoundError
from tasktwin_mockserver.hitask.labels import linked, seen_with
from tasktwin_mockserver.hitask.records import Tag
from tasktwin_mockserver.hitask.rights import NEEDED, permitted_item, require
from tasktwin_mockserver.hitask.shapes import SeenTag
from tasktwin_mockserver.hitask.universe import Call, HiTaskWorld


@operation("listTags")
def list_tags(call: Call, world: HiTaskWorld) -> list[SeenTag]:
    """The tags of the items that the caller sees."""
    return [
        SeenTag(tag, call.user)
        for tag in world.tags
        if seen_with(world, tag, call.user)
    ]


@operation("addTag")
def add_tag(call: Call, world: HiTaskWorld) -> SeenTag:
    """Have an item carry the tag of that name, which is made where there is none."""
    item = permitted_item(call, world, "addTag", str(call.parameters["item_id"]))
    owner, name = world.users[item.user_id], call.parameters["name"]
    [tag] = linked(world, call.write, owner, item.tags, [name])
    if tag not in item.tags:
        change(call, world, item, replace(item, tags=(*item.tags, tag)))
    return SeenTag(tag, call.user)


@operation("updateTag")
def update_tag(call: Call, world: HiTaskWorld) -> SeenTag:
    """Give a tag another name, under which every item carries it from then on."""
    tag = _permitted(call, world, NEEDED["updateTag"])
    name = call.parameters["name"]
    other = world.tags.first("name", (tag.account, name))
    if other is not None and other.id != tag.id:
        raise InvalidDataError("name", "(in use)")
    if name != tag.name:
        call.write.put(world.tags, replace(tag, name=name))
    return SeenTag(tag.id, call.user)


@operation("deleteTag")
def delete_tag(call: Call, world: HiTaskWorld) -> None:
    """Take a tag off every item, and so out of the world."""
    tag = _permitted(call, world, NEEDED["deleteTag"])
    for item in world.items.where("tag", tag.id):
        left = tuple(other for other in item.tags if other != tag.id)
        change(call, world, item, replace(item, tags=left))


def _permitted(call: Call, world: HiTaskWorld, level: int) -> Tag:
    """The tag of the caller's choice, who has `level` on every item that carries it.

    Raises `NotFoundError` where they see none of these items, `NoPermissionsError`
    where the level is too low on one.
    """
    tag = world.tags.get(call.parameters["id"])
    if tag is None or not seen_with(world, tag.id, call.user):
        raise NotFoundError("Tag")
    for item in world.items.where("tag", tag.id):
        require(call, world, item, level)
    return tag
