"""The arguments and options that several commands share, and what they may be."""

from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches
from typing import Any, TypeVar

import click

from tasktwin_contract import configuration
from tasktwin_contract.options import BaseUrl, FilePath, Seconds, Setting
from tasktwin_schemas import APIS
from tasktwin_schemas import clauses as clauses_of

F = TypeVar("F", bound=Callable[..., object])


def api_argument(function: F) -> F:
    """Give a command its first argument, on which other options depend."""
    argument = click.argument(
        "api",
        metavar="API",
        type=click.Choice(APIS),
        is_eager=True,
        callback=configuration.adopt,
    )
    return argument(function)


def option(*names: str, **words: Any) -> Callable[[F], F]:
    """An option that may also stand in the environment or in a file."""
    return click.option(*names, cls=Setting, **words)


def to_a_server(*, base_url: str) -> Callable[[F], F]:
    """The options of a command that goes to a server; `base_url` explains the first."""
    options = (
        option("--base-url", type=BaseUrl(), own=True, help=base_url),
        option(
            "--timeout",
            type=Seconds(),
            default=30.0,
            metavar="SECONDS",
            help="How long to wait for an answer.",
        ),
        option(
            "--rate-limit",
            type=click.IntRange(min=1),
            metavar="N",
            help="Most requests a minute to a server that is no tasktwin server.",
        ),
        option(
            "--ca-file",
            type=FilePath(exists=True),
            help="Authorities to trust instead of the usual ones, a PEM file.",
        ),
        option("--insecure", is_flag=True, help="Trust any certificate."),
        option(
            "--ledger",
            type=FilePath(folder=True),
            metavar="FOLDER",
            help="Where it is noted what is made on such a server, and so what to clean"
            " up; without it tasktwin in $XDG_STATE_HOME, or in ~/.local/state.",
        ),
    )
    return with_all(options)


def with_all(options: Sequence[Callable[[F], F]]) -> Callable[[F], F]:
    """Give a command all of `options`, which its help shows in this order."""

    def decorate(function: F) -> F:
        for add in reversed(options):
            function = add(function)
        return function

    return decorate


def known_clauses(
    ctx: click.Context, param: click.Parameter, asked: tuple[str, ...]
) -> tuple[str, ...]:
    """Refuse clauses that the API has not, and such as no test can judge."""
    api = ctx.params["api"]
    known = clauses_of(api)
    wanted = tuple(name.upper() for name in asked)
    for name in wanted:
        if name not in known:
            words = _near(name, known) or f"`tasktwin clauses {api}` lists them"
            raise click.BadParameter(f"There is no clause {name!r}; {words}.")
        reason = known[name].not_tested
        if reason is not None:
            raise click.BadParameter(f"{name} is not tested: {reason}")
    return wanted


def known_areas(
    ctx: click.Context, param: click.Parameter, asked: tuple[str, ...]
) -> tuple[str, ...]:
    """Refuse areas that the API has not."""
    known = {clause.area for clause in clauses_of(ctx.params["api"]).values()}
    wanted = tuple(name.lower() for name in asked)
    for name in wanted:
        if name not in known:
            words = _near(name, known) or f"there is {', '.join(sorted(known))}"
            raise click.BadParameter(f"There is no area {name!r}; {words}.")
    return wanted


def _near(name: str, known: Iterable[str]) -> str | None:
    near = get_close_matches(name, known)
    return f"near it: {', '.join(near)}" if near else None
