"""What `tasktwin serve` can be told."""

import click

from tasktwin_contract.arguments import option, with_all
from tasktwin_contract.options import FilePath

OPTIONS = (
    option("--host", default="127.0.0.1", help="Address to listen at."),
    option(
        "--port",
        type=click.IntRange(0, 65535),
        default=8080,
        help="Port to listen at; 0 takes any free one.",
    ),
    option("--seed", type=int, default=0, help="What the world's ids follow from."),
    option(
        "--max-body",
        type=click.IntRange(min=1),
        default=16 * 1024 * 1024,
        metavar="BYTES",
        help="Greatest body that a request may have.",
    ),
    option(
        "--rate-limit",
        type=click.IntRange(min=1),
        metavar="N",
        help="Most requests a minute of one API key, else session, else address.",
    ),
    option(
        "--rate-limit-mode",
        type=click.Choice(["reject", "delay"]),
        default="reject",
        help="What becomes of one too many: it is refused with 429, or it waits.",
    ),
    option("--require-https", is_flag=True, help="Refuse plain HTTP."),
    option(
        "--state",
        type=FilePath(),
        help="File in which worlds outlive the mock, even where it is killed.",
    ),
    option(
        "--fsync",
        is_flag=True,
        help="Have every write to the state file outlive a loss of power too.",
    ),
    option(
        "--tls",
        is_flag=True,
        help="Serve HTTPS, by a throw-away authority; clients trust the file that is"
        " said.",
    ),
    option("--cors", is_flag=True, help="Let pages of any origin ask, with cookies."),
    option(
        "--strict",
        is_flag=True,
        help="Refuse what the contract does not have, instead of naming it in a"
        " header.",
    ),
    option(
        "--max-worlds",
        type=click.IntRange(min=0),
        metavar="N",
        help="How many worlds may be made beside the default one.",
    ),
    option(
        "--forget-worlds",
        type=click.IntRange(min=1),
        metavar="SECONDS",
        help="Drop a world that was not used for so long.",
    ),
    option(
        "--admin-token",
        metavar="TOKEN",
        show_default=False,
        help="What the controls need; required where others can reach the host.",
    ),
    option(
        "--ready-file",
        type=FilePath(),
        help="File to write, as JSON, once the mock listens.",
    ),
)


to_serve = with_all(OPTIONS)
"""Gives a command the options of what serves a mock."""
