"""Requests as shell lines that a reader can paste, one after the other."""

import json
import shlex
from collections.abc import Iterable, Mapping
from typing import Any

from tasktwin_contract.reply import Reply
from tasktwin_contract.wire import Request

MOST_BODY = 2000
OWN_ADDRESS = "http://127.0.0.1:8080"
TOKEN_VARIABLE = "TASKTWIN_VERIFY_ADMIN_TOKEN"


def preamble(
    api: str,
    address: str | None,
    asked: Mapping[str, Any],
    sessions: Mapping[str, str],
    *,
    token: bool = False,
) -> list[str]:
    """Lines that set `BASE` to a fresh world and the actors' sessions.

    `address` None is the bundled mock in process, which has none of its own; `asked` is
    what the world was asked for with, its seed among it. The ids in a world follow from
    its seed, so the requests below mean the same again. With a `token` the controls
    want one, which stands in the variable that the command reads it from.
    """
    lines = []
    if address is None:
        lines.append(f"# tasktwin serve {api} --port 8080 --seed {asked['seed']}")
    if address is None and asked.keys() == {"seed"}:
        lines.append(f"BASE={OWN_ADDRESS}")
    else:
        lines.append(_made(address or OWN_ADDRESS, asked, token))
    return lines + [f"{_variable(name)}={value}" for name, value in sessions.items()]


def _made(address: str, asked: Mapping[str, Any], token: bool) -> str:
    """The line that makes a world and sets `BASE` to it."""
    body = shlex.quote(json.dumps(asked))
    name = "import json, sys; print(json.load(sys.stdin)['name'])"
    leave = f' -H "Authorization: Bearer ${TOKEN_VARIABLE}"' if token else ""
    make = f"curl -s{leave} --json {body} {address}/__admin/worlds"
    return f"""BASE={address}/~$({make} | python3 -c "{name}")"""


def curl_lines(
    history: Iterable[Reply], prefix: str, sessions: Mapping[str, str]
) -> list[str]:
    """The requests of `history`, each followed by its answer in a comment.

    `prefix` is the world's own, which `BASE` already holds; a session of `sessions`
    is written as its actor's variable.
    """
    variables = {value: _variable(name) for name, value in sessions.items()}
    lines = []
    for reply in history:
        lines.append(_line(reply.sent.request, prefix, variables))
        lines.append(f"# {_printable(reply.summary)}")
    return lines


def _variable(actor: str) -> str:
    return f"{actor.upper()}_SESSION"


def _line(request: Request, prefix: str, variables: Mapping[str, str]) -> str:
    words = ["curl"]
    if request.method == "HEAD":
        words.append("--head")  # with -X it would wait for a body
    elif request.method != "GET" or request.body:
        words += ["-X", request.method]
    for name, value in request.headers:
        session = next(filter(value.endswith, variables), None)
        if session is None:
            words += ["-H", shlex.quote(f"{name}: {value}")]
        else:
            start = value.removesuffix(session)
            words += ["-H", f'"{name}: {start}${variables[session]}"']
    words += _body(request.body)
    path = request.target.removeprefix(prefix)
    for character in '\\"$`':
        path = path.replace(character, f"\\{character}")
    for session, variable in variables.items():
        path = path.replace(f"={session}", f"=${variable}")
    return " ".join([*words, f'"$BASE{path}"'])


def _body(body: bytes) -> list[str]:
    if not body:
        return []
    if len(body) > MOST_BODY:
        repeated = f"@<(head -c {len(body)} /dev/zero)"
        return ["--data-binary", repeated]
    text = body.decode(errors="replace")
    if text.isprintable() and "\ufffd" not in text:
        return ["--data-binary", shlex.quote(text)]
    octal = "".join(f"\\{byte:03o}" for byte in body)
    return ["--data-binary", f"@<(printf '{octal}')"]


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
