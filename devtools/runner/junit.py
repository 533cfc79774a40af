"""Results of tests in any language, from the JUnit XML that nearly every runner writes.

The file comes from a project's own tools and is read as such: no document type, no entities, a bound on size, depth and
number. Source of the format: the schema that Jenkins and Surefire share, and what node, pytest, go-junit-report and
cargo-nextest write of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from xml.parsers import expat

from devtools.errors import ToolError

LARGEST = 64 << 20  # bytes
DEEPEST = 200
MOST = 500_000  # test cases
TEXT = 20_000  # characters of one failure's words
PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"
# An element within a test case, and the outcome that it says; `rerunFailure` and `flakyFailure` say none.
OUTCOMES = {"failure": FAILED, "error": FAILED, "skipped": SKIPPED}


@dataclass(frozen=True)
class ReportedTest:
    """One test case. `suite` are the names around it, `text` the words of its failure."""

    suite: str
    name: str
    outcome: str
    kind: str = ""
    message: str = ""
    text: str = ""
    file: str = ""

    @property
    def id(self) -> str:
        return " > ".join(filter(None, (self.file, self.suite, self.name)))


class _Reader:
    def __init__(self) -> None:
        self.cases: list[ReportedTest] = []
        self.suites: list[str] = []
        self.open: list[str] = []
        self.case: dict[str, str] | None = None
        self.said: list[str] = []
        self.within = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.open.append(tag)
        if len(self.open) > DEEPEST or len(self.cases) > MOST:
            raise ToolError("the JUnit report is nested too deep or too long", "let the runner write a plain report")
        if tag == "testsuite":
            self.suites.append(attributes.get("name", ""))
        elif tag == "testcase":
            self.case = {**attributes, "outcome": PASSED}
            if attributes.get("status") in ("skipped", "disabled") or attributes.get("result") == "skipped":
                self.case["outcome"] = SKIPPED
        elif tag in OUTCOMES and self.case is not None and self.case["outcome"] != FAILED:
            # A failure outlives what follows on it in the same case.
            self.case |= {"outcome": OUTCOMES[tag], "kind": attributes.get("type", "")}
            self.case["message"] = attributes.get("message", "")
            self.within, self.said = tag, []

    def data(self, text: str) -> None:
        if self.within and sum(map(len, self.said)) < TEXT:
            self.said.append(text)

    def end(self, tag: str) -> None:
        self.open.pop()
        if tag == "testsuite":
            self.suites.pop()
        elif tag == self.within and self.case is not None:
            self.case["text"] = "".join(self.said)[:TEXT].strip()
            self.within = ""
        elif tag == "testcase" and self.case is not None:
            names = ("name", "outcome", "kind", "message", "text", "file")
            known = {name: self.case.get(name, "") for name in names}
            around = [name for name in (*self.suites, self.case.get("classname", "")) if name]
            self.cases.append(ReportedTest(suite=" > ".join(dict.fromkeys(around)), **known))
            self.case = None


def read(data: bytes) -> list[ReportedTest]:
    """Return the cases of a report. ToolError where it is no JUnit report, or one that nobody should read."""
    if len(data) > LARGEST:
        raise ToolError(f"the JUnit report has {len(data)} bytes", f"at most {LARGEST} are read")
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.data
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError) as error:
        raise ToolError("the JUnit report is no whole XML", str(error)) from error
    return reader.cases


def _refuse(*_: object) -> None:
    raise ToolError("the JUnit report declares a document type", "no runner needs one, so it is not read")
