"""What the operations of 5pm touch.

An operation that writes and is missing here is never sent to a live server. Users and
groups are everybody's: what makes, changes or removes them is not sent there either.
"""

from tasktwin_contract.fivepm.cast import ACTORS
from tasktwin_contract.fivepm.steps import NO_ID
from tasktwin_contract.rules import PERSON, Kind, Names, Rule, Rules

PROJECT = Names("project")
TASK = Names("task")
ACTIVITY = Names("activity")
FILE = Names("file")
GROUP = Names("group")
SOMEBODY = Names(PERSON)

PROJECT_FIELDS = {
    "project[id]": PROJECT,
    "project[ownerId]": SOMEBODY,
    "project[groupId]": GROUP,
    "project[team]": SOMEBODY,
    "project[notifyUsers]": SOMEBODY,
}
TASK_FIELDS = {
    "task[id]": TASK,
    "task[ownerId]": SOMEBODY,
    "task[groupId]": GROUP,
    "task[team]": SOMEBODY,
    "task[notifyUsers]": SOMEBODY,
    "task[parentId]": TASK,
    "task[projectId]": PROJECT,
}
ACTIVITY_FIELDS = {
    "activity[id]": ACTIVITY,
    "activity[taskId]": TASK,
    "activity[projectId]": PROJECT,
    "activity[notifyUsers]": SOMEBODY,
}

RULES = Rules(
    kinds={
        "project": Kind(
            mark="name",
            listing="projectsGetAll",
            removal="projectsRemove",
        ),
        "task": Kind(
            mark="name",
            listing="tasksGetList",
            removal="tasksRemove",
            above=("parentId",),
        ),
        "activity": Kind(),
        "file": Kind(),
        "group": Kind(),
    },
    operations={
        "authenticationSignIn": Rule(),
        "authenticationSignOut": Rule(),
        "projectsAdd": Rule(PROJECT_FIELDS, makes="project", marks="project[name]"),
        "projectsUpdate": Rule(PROJECT_FIELDS, marks="project[name]"),
        "projectsRemove": Rule({"id": PROJECT}, removes=True),
        "tasksAdd": Rule(TASK_FIELDS, makes="task", marks="task[name]"),
        "tasksUpdate": Rule(TASK_FIELDS, marks="task[name]"),
        "tasksRemove": Rule({"id": TASK}, removes=True),
        "activityAdd": Rule(ACTIVITY_FIELDS, makes="activity"),
        "activityUpdate": Rule(ACTIVITY_FIELDS),
        "activityRemove": Rule({"id": ACTIVITY}, removes=True),
        "activityAttachFiles": Rule({"activityId": ACTIVITY}, makes="file"),
        "activityRemoveFile": Rule({"id": FILE}, removes=True),
    },
    lists={
        "projectsGetAll": "project",
        "projectsGetList": "project",
        "tasksGetList": "task",
        "activityGetList": "activity",
        "activityGetFilesList": "file",
    },
    common={},
    accounts=(),
    sign_in="authenticationSignIn",
    sign_out="authenticationSignOut",
    probe="authenticationGetAuthorizedUser",
    version="/api/v2/service",
    limits=frozenset({429, 502, 503, 504, 507}),
    limit_codes=frozenset({429, 502, 503, 504, 507}),
    nowhere=frozenset({str(NO_ID)}),
    retired=None,
    unique={},
    unique_in_team=frozenset(),
    team=frozenset(ACTORS),
    session="sessionId",
    administrator="admin",
    entries="items",
)
