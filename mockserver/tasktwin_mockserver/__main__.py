"""`python -m tasktwin_mockserver`: the mock alone, as `tasktwin serve` starts it.

Every option is also an environment variable, `TASKTWIN_SERVE_PORT` and so on; no
configuration file is read.
"""

from pathlib import Path
from typing import Any

import click

from tasktwin_mockserver.serving import serve
from tasktwin_mockserver.world import Settings
from tasktwin_mockserver.worlds import Room
from tasktwin_schemas import APIS


@click.command(
    context_settings={
        "auto_envvar_prefix": "TASKTWIN_SERVE",
        "help_option_names": ["-h", "--help"],
        "show_default": True,
    }
)
@click.argument("api", metavar="API", type=click.Choice(APIS))
@click.option("--host", default="127.0.0.1", help="Address to listen at.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8080,
    help="Port to listen at; 0 takes any free one.",
)
@click.option("--seed", type=int, default=0, help="What the world's ids follow from.")
@click.option(
    "--max-body",
    type=click.IntRange(min=1),
    default=Settings().max_body,
    metavar="BYTES",
    help="Greatest body that a request may have.",
)
@click.option(
    "--rate-limit",
    type=click.IntRange(min=1),
    metavar="N",
    help="Most requests a minute of one API key, else session, else address.",
)
@click.option(
    "--rate-limit-mode",
    type=click.Choice(["reject", "delay"]),
    default="reject",
    help="What becomes of one too many: it is refused with 429, or it waits.",
)
@click.option("--require-https", is_flag=True, help="Refuse plain HTTP.")
@click.option(
    "--state",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File in which worlds outlive the mock, even where it is killed.",
)
@click.option(
    "--fsync",
    is_flag=True,
    help="Have every write to the state file outlive a loss of power too.",
)
@click.option(
    "--tls",
    is_flag=True,
    help="Serve HTTPS, by a throw-away authority; clients trust the file that is said.",
)
@click.option("--cors", is_flag=True, help="Let pages of any origin ask, with cookies.")
@click.option(
    "--strict",
    is_flag=True,
    help="Refuse what the contract does not have, instead of naming it in a header.",
)
@click.option(
    "--max-worlds",
    type=click.IntRange(min=0),
    metavar="N",
    help="How many worlds may be made beside the default one.",
)
@click.option(
    "--forget-worlds",
    type=click.IntRange(min=1),
    metavar="SECONDS",
    help="Drop a world that was not used for so long.",
)
@click.option(
    "--admin-token",
    metavar="TOKEN",
    help="What the controls need; required where others can reach the host.",
)
@click.option(
    "--ready-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write, as JSON, once the mock listens.",
)
def main(
    api: str,
    host: str,
    port: int,
    seed: int,
    state: Path | None,
    fsync: bool,
    tls: bool,
    ready_file: Path | None,
    max_worlds: int | None,
    forget_worlds: int | None,
    admin_token: str | None,
    **settings: Any,
) -> None:
    """Serve the mock of an API until it is interrupted."""
    serve(
        api,
        host=host,
        port=port,
        seed=seed,
        settings=Settings(**settings),
        state=state,
        fsync=fsync,
        tls=tls,
        ready_file=ready_file,
        admin_token=admin_token,
        room=Room(max_worlds, forget_worlds),
    )


if __name__ == "__main__":
    main()
