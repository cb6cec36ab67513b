"""What the operations of HiTask touch.

An operation that writes and is missing here is never sent to a live server.
"""

from tasktwin_contract.hitask.steps import NO_ID
from tasktwin_contract.rules import PERSON, Account, Kind, Names, Rule, Rules

ITEM = Names("item")
GROUP = Names("group")
TAG = Names("tag")
COMMENT = Names("comment")
SOMEBODY = Names(PERSON)
# What is no address, or under a domain that is kept for examples, reaches nobody.
ADDRESS = Names(
    PERSON,
    harmless=r".*@([^@]*\.)?(example|example\.(com|net|org)|[^@.]*\.?invalid)|[^@]*@?",
)
LOGIN = Names(PERSON, harmless=r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|")
INVITED = Names("invited")
CONTACT = Names("contact")

FIELDS = {
    "guid": ITEM,
    "id": ITEM,
    "parent": ITEM,
    "parentGuid": ITEM,
    "user_id": SOMEBODY,
    "assignee": SOMEBODY,
    "assigneeId": SOMEBODY,
    "participants": SOMEBODY,
    "permissions": Names(PERSON, within="principal"),
    "alerts": Names("alert", within="id"),
}
EITHER = {"id": ITEM, "guid": ITEM}
# Who is alone, or stands in for the owner, may be anybody, and refused with reason.
RANK = ("team_admin",)
MEMBERSHIP = {"groupId": GROUP, "id": SOMEBODY}

RULES = Rules(
    kinds={
        "item": Kind(
            key="guid",
            mark="title",
            listing="listItems",
            removal="deleteItem",
            removed_by="guid",
            revival="restoreItem",
            above=("parent", "parentGuid"),
            owner="user_id",
        ),
        "tag": Kind(mark="name", listing="listTags", removal="deleteTag", implied=True),
        "group": Kind(mark="name", listing="listGroups", removal="deleteGroup"),
        "invited": Kind(
            key="email", listing="listTeam", removal="removeMember", people=True
        ),
        "contact": Kind(
            key="email",
            listing="listContacts",
            removal="deleteContact",
            people=True,
            mutual=True,
        ),
        "comment": Kind(),
        "alert": Kind(),
    },
    operations={
        "authenticate": Rule(),
        "logout": Rule(),
        "updateUser": Rule(),
        "uploadAvatar": Rule(),
        "deleteAvatar": Rule(),
        "setPreferences": Rule(),
        "createItem": Rule(FIELDS, makes="item", marks="title", words="tags"),
        "updateItem": Rule(FIELDS, marks="title", words="tags"),
        "uploadFile": Rule(
            {"guid": ITEM, "parent_id": ITEM}, makes="item", marks="file"
        ),
        "deleteItem": Rule(EITHER, removes=True),
        "addComment": Rule({"id": ITEM}, makes="comment"),
        "deleteComment": Rule({"id": COMMENT, "itemId": ITEM}),
        "markRead": Rule(EITHER),
        "archiveItem": Rule(EITHER, hides=True),
        "restoreItem": Rule(EITHER),
        "restoreCopy": Rule(EITHER, makes="item", keyed=False),
        "deleteMultiple": Rule({"id": ITEM}),
        "archiveMultiple": Rule({"id": ITEM}, hides=True),
        "addTag": Rule({"item_id": ITEM}, makes="tag", marks="name"),
        "updateTag": Rule({"id": TAG}, marks="name"),
        "deleteTag": Rule({"id": TAG}, removes=True),
        "createGroup": Rule(makes="group", marks="name", needs=RANK),
        "updateGroup": Rule({"id": GROUP}, marks="name", needs=RANK),
        "deleteGroup": Rule({"id": GROUP}, removes=True, needs=RANK),
        "addGroupMember": Rule(MEMBERSHIP, needs=RANK),
        "removeGroupMember": Rule(MEMBERSHIP, needs=RANK),
        "inviteMember": Rule({"email": ADDRESS}, makes="invited", needs=RANK),
        "removeMember": Rule({"id": INVITED}, removes=True, needs=RANK),
        "resendInvitation": Rule({"email": ADDRESS}, needs=RANK),
        "addContact": Rule(
            {"id": SOMEBODY, "email": ADDRESS, "login": LOGIN}, makes="contact"
        ),
        "inviteContact": Rule({"email": ADDRESS}, makes="contact"),
        "approveContact": Rule({"id": CONTACT}),
        "deleteContact": Rule({"id": CONTACT}, removes=True),
        "addContactToBusiness": Rule({"id": CONTACT}, makes="invited", needs=RANK),
        "removeContactFromBusiness": Rule({"id": INVITED}, removes=True, needs=RANK),
    },
    lists={
        "listItems": "item",
        "listItemsSince": "item",
        "getItemsDelta": "item",
        "listTags": "tag",
        "listGroups": "group",
        "listTeam": "invited",
        "listContacts": "contact",
        "searchContacts": "contact",
    },
    # The group of everybody belongs to the team, and so to each world.
    common={"group": {"type": 1}},
    accounts=(
        Account(
            read="getUser",
            write="updateUser",
            fields={
                "firstname": "firstName",
                "lastname": "lastName",
                "email": "email",
                "loginId": "login",
            },
            login="loginId",
        ),
        Account(
            read="getUser",
            write="uploadAvatar",
            undo="deleteAvatar",
            lasting={"pictureSource": 100},
        ),
        Account(read="getPreferences", write="setPreferences"),
    ),
    sign_in="authenticate",
    sign_out="logout",
    probe="getUser",
    version=r"/api(/v[2-7])?",
    limits=frozenset({429, 502, 503, 504, 507}),
    limit_codes=frozenset({20, 41, 42, 67, 69, 85, 87}),
    nowhere=frozenset({str(NO_ID)}),
    retired=86,
    unique={21: "loginId", 22: "email", 80: "short_name"},
    unique_in_team=frozenset({"short_name"}),
    team=frozenset({"owner", "administrator", "manager", "member", "colleague"}),
    cursor="x-cursor",
)
