"""What a report gives to be run in a shell."""

import shutil
import subprocess

import pytest

from tasktwin_contract.curl import curl_lines
from tasktwin_contract.reply import Reply, Sent
from tasktwin_contract.wire import Request, Response
from tasktwin_mockserver import MockServer

CURL, SHELL = shutil.which("curl"), shutil.which("bash")


@pytest.mark.skipif(not (CURL and SHELL), reason="needs curl and bash")
@pytest.mark.parametrize("method", ["HEAD", "GET", "OPTIONS", "POST"])
def test_a_line_comes_to_its_end(method: str) -> None:
    """Whatever the method, curl waits for no more than is sent."""
    sent = Sent(Request(method, "/api/user"), None, None, "hitask")
    line, answer = curl_lines([Reply(sent, Response(401, {}, b""))], "", {})
    assert answer.startswith("# 401")
    with MockServer("hitask") as server:
        ended = subprocess.run(
            [str(SHELL), "-c", f"BASE={server.url}\n{line} --silent --max-time 10"],
            capture_output=True,
            check=False,
        )
    assert ended.returncode == 0, line
    assert (b"HTTP/1.1 401" in ended.stdout) == (method == "HEAD")
