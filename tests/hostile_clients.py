"""Clients of each API that send the same text wherever an API takes a text."""

import uuid
from typing import Any

import requests

from .browser import SECONDS, Console

# Of each API: whose records the text is in, and in the records of which kinds.
KINDS = {
    "hitask": ("owner", {"item"}),
    "gsmtasks": ("manager", {"client", "order", "task"}),
    "fivepm": ("user", {"project", "task"}),
}


def send(console: Console, api: str, text: str) -> None:
    """Send `text` as names of things and of a file, as a query, a header and a path."""
    actor = console.actor(KINDS[api][0])
    session, url = requests.Session(), console.server.url
    headers = {"User-Agent": text, "Accept": text}
    session.headers.update(headers)
    SENDERS[api](session, url, actor, text)
    requests.get(f"{url}/{text}", headers=headers, timeout=SECONDS)
    requests.get(url, params={text: text}, headers=headers, timeout=SECONDS)


def post(session: requests.Session, url: str, **sent: Any) -> Any:
    """What the API answers to a request that it grants."""
    answer = session.post(url, timeout=SECONDS, **sent)
    assert answer.status_code in {200, 201}, answer.text
    return answer.json()


def hitask(
    session: requests.Session, url: str, actor: dict[str, str], text: str
) -> None:
    """An item, and a file below it; names of people cannot have markup."""
    session.headers["x-hi-session"] = actor["session_id"]
    sent = {"guid": str(uuid.uuid4()), "title": text, "message": text, text: text}
    item = post(session, f"{url}/api/item", json=sent)
    files = {"file": (text, b"abc", "text/plain")}
    below = {"parent_id": item["id"]}
    post(session, f"{url}/api/file/upload", files=files, data=below)


def gsmtasks(
    session: requests.Session, url: str, actor: dict[str, str], text: str
) -> None:
    """A client, an order, a task and a file."""
    session.headers["Authorization"] = f"Token {actor['token']}"
    api = f"{url}/api/tasks"
    account = f"{api}/accounts/{actor['account']}/"
    things: dict[str, dict[str, Any]] = {
        "clients": {"name": text},
        "orders": {"reference": text, text: text},
        "tasks": {
            "description": text,
            "category": "assignment",
            "address": {"raw_address": text},
        },
    }
    for noun, sent in things.items():
        post(session, f"{api}/{noun}/", json={"account": account, **sent})
    files = {"file": (text, b"abc", "text/plain")}
    post(session, f"{api}/file_uploads/", files=files)


def fivepm(
    session: requests.Session, url: str, actor: dict[str, str], text: str
) -> None:
    """A project, a task in it, a message on it with a file."""
    api = f"{url}/api/v2/service/post"
    session.params = {"sessionId": actor["session_id"], "retType": "json"}
    named = {"project[name]": text, text: text}
    project = post(session, f"{api}/projects/add", data=named)["id"]
    task = {"task[name]": text, "task[projectId]": project}
    number = post(session, f"{api}/tasks/add", data=task)["id"]
    message = {
        "activity[taskId]": number,
        "activity[type]": "msg",
        "activity[text]": text,
    }
    activity = post(session, f"{api}/activity/add", data=message)["id"]
    names = {"activityId": activity, "files[1][name]": text}
    files = {"files[1][file]": (text, b"abc", "text/plain")}
    post(session, f"{api}/activity/attachFiles", data=names, files=files)


SENDERS = {"hitask": hitask, "gsmtasks": gsmtasks, "fivepm": fivepm}
