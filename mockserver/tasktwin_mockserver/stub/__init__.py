"""A world as the tests of a client have it: people, builders, faults, the log."""

from tasktwin_mockserver.stub.calls import PrepareError
from tasktwin_mockserver.stub.people import Person
from tasktwin_mockserver.stub.stub import Stub, stub_of
from tasktwin_mockserver.stub.verification import VerificationError

__all__ = ["Person", "PrepareError", "Stub", "VerificationError", "stub_of"]
