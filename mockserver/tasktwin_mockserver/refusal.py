"""What the kernel itself refuses, before an operation is reached."""

from collections.abc import Mapping


class Refusal(Exception):
    """A request that the kernel turns away; the API renders it in its own envelope.

    `kind` says why: `path`, `method`, `body` (JSON that is none), `object` (JSON that
    is no object), `media_type`, `too_large`, `insecure` (plain HTTP), `rate` (too many
    requests, with `retry_after` in seconds); or, for the parameter `parameter`,
    `missing`, `format`, `value`, `length`, `bounds`. `code` is the API's own code for
    it where its document gives one, `details` what a message may want to tell. `faults`
    are all that is wrong with the parameters of a request, this one the first of them.
    """

    def __init__(
        self,
        kind: str,
        parameter: str = "",
        code: int | None = None,
        **details: object,
    ) -> None:
        super().__init__(kind, parameter)
        self.kind = kind
        self.parameter = parameter
        self.code = code
        self.details: Mapping[str, object] = details
        self.faults: tuple[Refusal, ...] = (self,)
