"""The `tasktwin` command.

Exit codes: 0 the target conforms, 1 it does not, 2 it could not be judged or the
command was not understood, 130 the user stopped it.
"""

import json
import shutil
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tasktwin_contract import catalogue, configuration, credentials
from tasktwin_contract.access import ACCESSES
from tasktwin_contract.arguments import (
    api_argument,
    known_areas,
    known_clauses,
    option,
    to_a_server,
)
from tasktwin_contract.options import (
    PROFILES,
    ReportFile,
    Setting,
    Workers,
)
from tasktwin_contract.serving import to_serve
from tasktwin_schemas import APIS

if TYPE_CHECKING:
    from tasktwin_contract.verdicts import Result

# What `verify` imports, by the names that the imports have.
LIBRARIES = ("hypothesis", "jsonschema", "pytest", "requests", "schemathesis", "xdist")
MOST_COLUMNS = 100


class RefusedError(click.ClickException):
    """The command cannot do what is asked: why, in one sentence."""

    exit_code = 2


class Commands(click.Group):
    """The commands, which a user may stop at any time."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; Ctrl-C ends it without a word."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            ctx.exit(130)


def _show_version(ctx: click.Context, param: click.Parameter, asked: bool) -> None:
    if asked and not ctx.resilient_parsing:
        from tasktwin_mockserver.admin import kit_version

        click.echo(f"tasktwin {kit_version()}")
        ctx.exit()


@click.group(
    cls=Commands,
    context_settings={
        "auto_envvar_prefix": "TASKTWIN",
        "help_option_names": ["-h", "--help"],
        "show_default": True,
    },
    epilog="Every option is also an environment variable, TASKTWIN_VERIFY_PROFILE for"
    " --profile of verify, and a key of tasktwin.toml or of [tool.tasktwin] in"
    " pyproject.toml: profile in its table [verify].",
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    allow_from_autoenv=False,
    callback=_show_version,
    help="Show the version and exit.",
)
@click.pass_context
def main(ctx: click.Context) -> None:
    """Mock servers of task-management web APIs, and suites that judge any server."""
    ctx.default_map = configuration.load(tables(), credentials.without)


def tables() -> configuration.Tables:
    """The tables that a configuration file may hold: of each command and each API."""
    known = {
        name: {
            option.key: option
            for option in command.params
            if isinstance(option, Setting)
        }
        for name, command in main.commands.items()
    }
    own = {key: option for key, option in known["verify"].items() if option.own}
    return known | dict.fromkeys(APIS, own)


@main.command()
@api_argument
@to_serve
def serve(
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
    from tasktwin_mockserver import Settings
    from tasktwin_mockserver.serving import serve as serve_mock
    from tasktwin_mockserver.worlds import Room

    serve_mock(
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


@main.command()
@api_argument
@to_a_server(
    base_url="Server to judge, http[s]://host[/prefix] without /api; also"
    " TASKTWIN_HITASK_BASE_URL, or base-url in the table of the API."
    " Without it the bundled mock is judged, in process."
)
@option(
    "--access",
    type=click.Choice(ACCESSES),
    own=True,
    help="What may be touched on a server that is no tasktwin server: nothing; what the"
    " run made itself; the actors' accounts too. Such a server is refused without it.",
)
@option(
    "--profile",
    type=click.Choice(PROFILES),
    default="default",
    help="How long properties are looked at.",
)
@option("--seed", type=int, help="Repeats a run; without it one is drawn, and shown.")
@option(
    "--clause",
    multiple=True,
    metavar="ID",
    callback=known_clauses,
    help="Judge this clause only; may be repeated.",
)
@option(
    "--area",
    multiple=True,
    callback=known_areas,
    help="Judge the clauses of this area only; may be repeated.",
)
@option(
    "--level",
    type=click.Choice(["must", "should"]),
    default="must",
    help="A broken clause of this level, or above it, makes a server fail.",
)
@option(
    "--report",
    type=ReportFile(),
    multiple=True,
    metavar="FORMAT=FILE",
    help="Report to write as well; the formats are json and junit. May be repeated.",
)
@option(
    "--workers",
    "-n",
    type=Workers(),
    metavar="N",
    help="Processes to test in: a number, auto or logical. Without it a whole run "
    "takes one for each processor, four at most.",
)
@option(
    "--admin-token",
    metavar="TOKEN",
    show_default=False,
    help="What the controls of a tasktwin server need.",
)
@option("--complete", is_flag=True, help="Exit with 2 where a clause was skipped.")
@click.pass_context
def verify(
    ctx: click.Context,
    /,
    level: str,
    report: tuple[str, ...],
    complete: bool,
    clause: tuple[str, ...],
    area: tuple[str, ...],
    ca_file: Path | None,
    ledger: Path | None,
    **asked: Any,
) -> None:
    """Find out whether a server keeps the contract of an API."""
    _require_suite()
    _check_reports(report)
    from tasktwin_contract import runner
    from tasktwin_contract.connection import CannotJudgeError
    from tasktwin_contract.report.conclusion import escaped
    from tasktwin_contract.report.terminal import Terminal

    options = runner.Options(
        clauses=clause,
        areas=area,
        ca_file=_text(ca_file),
        ledger=_text(ledger),
        **asked,
    )
    with Terminal(options, level, complete) as terminal:
        try:
            result = runner.run(options, terminal)
        except CannotJudgeError as error:
            raise RefusedError(escaped(str(error))) from None
    terminal.report(result)
    code = result.exit_code(level, complete)
    written = _write_reports(report, result, level, complete)
    ctx.exit(code if written else code or 2)


@main.command()
@api_argument
@to_a_server(
    base_url="Server to clean up, http[s]://host[/prefix] without /api; also"
    " TASKTWIN_HITASK_BASE_URL, or base-url in the table of the API."
)
@click.pass_context
def cleanup(
    ctx: click.Context,
    /,
    api: str,
    base_url: str | None,
    ca_file: Path | None,
    ledger: Path | None,
    **asked: Any,
) -> None:
    """Remove what runs that were cut short have left on a server that is not ours."""
    if base_url is None:
        raise click.UsageError("Say by --base-url which server to clean up.")
    _require_suite()
    from tasktwin_contract.cleanup import clean_up
    from tasktwin_contract.connection import CannotJudgeError, Connection
    from tasktwin_contract.report.conclusion import escaped

    connection = Connection(
        base_url, ca_file=_text(ca_file), ledger=_text(ledger), **asked
    )
    try:
        cleaned = clean_up(api, connection)
    except CannotJudgeError as error:
        raise RefusedError(escaped(str(error))) from None
    for line in cleaned.done:
        click.echo(escaped(line))
    for line in cleaned.left:
        click.echo(f"Error: {escaped(line)}", err=True)
    if not cleaned.done and not cleaned.left:
        click.echo("nothing was left")
    ctx.exit(2 if cleaned.left else 0)


@main.command("clauses")
@api_argument
@option(
    "--format",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    help="For people, for programs, or for a page.",
)
def show_clauses(api: str, format: str) -> None:  # noqa: A002 (the option's name)
    """List the clauses of an API, and the tests that judge them."""
    if format == "json":
        click.echo(json.dumps(catalogue.as_data(api), indent=2))
        return
    if format == "markdown":
        click.echo(catalogue.as_markdown(api))
        return
    width = min(shutil.get_terminal_size().columns, MOST_COLUMNS)
    click.echo(catalogue.as_text(api, width))


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path)


def _require_suite() -> None:
    missing = [name for name in LIBRARIES if find_spec(name) is None]
    if missing:
        names = ", ".join(missing)
        raise RefusedError(
            f"To verify, install the suite's libraries ({names} missing):"
            " pip install 'tasktwin[verify]'"
        )


def _check_reports(reports: Iterable[str]) -> None:
    """Refuse reports that cannot be written, before anything is run."""
    from tasktwin_contract.report import draft

    for report in reports:
        path = Path(report.partition("=")[2])
        try:
            draft.check(path)
        except OSError as error:
            raise RefusedError(_unwritable(path, error)) from None


def _write_reports(
    reports: Iterable[str], result: "Result", level: str, complete: bool
) -> bool:
    """Write what can be written, say what cannot, and tell whether all could."""
    from tasktwin_contract.report import jsonfile, junit

    writers = {"json": jsonfile.write, "junit": junit.write}
    failed = False
    for report in reports:
        form, _, file = report.partition("=")
        path = Path(file)
        try:
            writers[form](path, result, level, complete)
        except OSError as error:
            click.echo(f"Error: {_unwritable(path, error)}", err=True)
            failed = True
    return not failed


def _unwritable(path: Path, error: OSError) -> str:
    return f"The report {str(path)!r} cannot be written: {error.strerror}."
