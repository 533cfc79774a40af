"""Which command do these words call, and is that a call of which devtools knows all that it will say?

Read on the hot path of the hooks, so nothing is imported here. An option that stands in no table may print what our
form would leave out: then the call is not known, and runs as it is.
"""

RUNNERS = frozenset(("uv", "poetry", "pdm", "hatch", "rye", "pipenv"))
# Options of those, and of python, that take the next word.
RUNNER_VALUES = frozenset(("--with", "--extra", "--group", "-p", "--python", "--package", "--env-file", "--only-group"))
RUNNER_FLAGS = frozenset(
    ("--frozen", "--locked", "--no-sync", "--all-extras", "--all-groups", "--dev", "--no-dev", "-q")
)
PYTHON_VALUES, PYTHON_FLAGS = frozenset(("-W", "-X")), frozenset(("-u", "-B", "-b", "-q"))
CHECKERS = ("pytest", "ruff", "mypy", "pyright")


def _table(flags: str, values: str = "", letters: str = "") -> "tuple[frozenset[str], frozenset[str], str]":
    """Options without a value, options with one, and the short ones that may stand in one word."""
    return frozenset(flags.split()), frozenset(values.split()), letters


OPTIONS = {
    "pytest": _table(
        "--lf --last-failed --ff --failed-first --nf --new-first --sw --stepwise --sw-skip --stepwise-skip --exitfirst"
        " --no-header --disable-warnings --disable-pytest-warnings --runxfail --strict --strict-markers --strict-config"
        " --cache-clear --quiet --verbose --pyargs --noconftest --forked --doctest-modules",
        "-k -m -n -p -c -o -W --maxfail --tb --rootdir --timeout --deselect --ignore --ignore-glob --import-mode --dist"
        " --color --confcutdir --basetemp --junitxml --junit-xml --numprocesses --reruns --hypothesis-seed"
        " --asyncio-mode --override-ini --config-file --verbosity --maxprocesses",
        "qvx",
    ),
    "ruff": _table(
        "--no-fix --no-cache --preview --no-preview --isolated --quiet --respect-gitignore --force-exclude --exit-zero"
        " --unsafe-fixes --no-unsafe-fixes",
        "--select --ignore --extend-select --extend-ignore --config --target-version --line-length --exclude",
        "qne",
    ),
    "mypy": _table(
        "--strict --ignore-missing-imports --no-incremental --show-error-codes --show-column-numbers --pretty"
        " --no-pretty --no-error-summary --explicit-package-bases --namespace-packages --check-untyped-defs"
        " --disallow-untyped-defs --warn-unused-ignores --warn-unreachable --no-color-output --hide-error-context",
        "-p -m --package --module --config-file --python-version --python-executable --follow-imports --cache-dir"
        " --exclude --enable-error-code --disable-error-code --platform",
    ),
    "pyright": _table("--warnings", "-p --project --pythonpath --pythonversion --pythonplatform --level -v --venvpath"),
    "git status": _table("--long -u --untracked-files", "", ""),
    "git log": _table(
        "--no-merges --merges --first-parent --all --reverse --branches --no-decorate --no-color",
        "-n --max-count --since --after --until --before --author --grep --skip",
    ),
    "git diff": _table(
        "--cached --staged -w -b --ignore-all-space --ignore-space-change --exit-code --no-color --no-ext-diff"
        " --merge-base",
    ),
    "git commit": _table(
        "--all --amend --no-edit --quiet --allow-empty --no-verify --signoff",
        "-m --message --author --date --trailer",
        "aqns",
    ),
}
GIT_FLAGS = ("--no-pager",)


class Call:
    """A call that is known: what is called, its words, and the place of the first one after what is called."""

    __slots__ = ("kind", "place", "words")

    def __init__(self, kind: str, words: "list[str]", place: int) -> None:
        self.kind, self.words, self.place = kind, words, place

    @property
    def arguments(self) -> "list[str]":
        return self.words[self.place :]


def known(words: "list[str]") -> "Call | None":
    """Return the call of these words, None where it is one of which devtools does not know all."""
    place = _tool(words)
    if place is None:
        return None
    name = _base(words[place]).replace("py.test", "pytest")
    place += 1
    if name == "git":
        place, name = _subcommand(words, place)
    elif name == "ruff":
        if words[place : place + 1] != ["check"]:
            return None
        place += 1
    if name not in OPTIONS or not _fits(words[place:], *OPTIONS[name]):
        return None
    # Without a message git opens an editor, for which there is no terminal here.
    if name == "git commit" and not _has_message(words[place:]):
        return None
    return Call(name, words, place)


def _base(word: str) -> str:
    return word.rsplit("/", 1)[-1].removesuffix(".exe")


def _tool(words: "list[str]") -> "int | None":
    """The place of the program's or module's name, after what runs it."""
    place = 0
    if words[1:2] == ["run"] and _base(words[0]) in RUNNERS:
        place = _after(words, 2, RUNNER_FLAGS, RUNNER_VALUES)
    if place >= len(words):
        return None
    name = _base(words[place])
    if name.startswith("python") and not name[6:].strip("0123456789."):
        place = _after(words, place + 1, PYTHON_FLAGS, PYTHON_VALUES)
        named = words[place : place + 1] == ["-m"] and words[place + 1 : place + 2]
        return place + 1 if named and named[0] in CHECKERS else None
    if name == "coverage" and words[place + 1 : place + 2] == ["run"]:
        asked = [at for at in range(place + 2, len(words) - 1) if words[at : at + 2] == ["-m", "pytest"]]
        return asked[0] + 1 if asked else None
    return place if name in (*CHECKERS, "py.test", "git") else None


def _after(words: "list[str]", place: int, flags: "frozenset[str]", values: "frozenset[str]") -> int:
    """The place behind options; that of one that is not known."""
    while place < len(words) and (words[place] in flags or words[place] in values):
        place += 2 if words[place] in values else 1
    return place


def _subcommand(words: "list[str]", place: int) -> "tuple[int, str]":
    """Where the arguments of git's subcommand begin, and its name."""
    while place < len(words) and (words[place] in GIT_FLAGS or words[place] == "-C"):
        place += 2 if words[place] == "-C" else 1
    return place + 1, f"git {words[place]}" if place < len(words) else ""


def _fits(arguments: "list[str]", flags: "frozenset[str]", values: "frozenset[str]", letters: str) -> bool:
    """Whether all options are among these."""
    place = 0
    while place < len(arguments):
        word = arguments[place]
        place += 1
        if word == "--":
            return values is OPTIONS["git log"][1] or flags in (OPTIONS["git diff"][0], OPTIONS["git status"][0])
        if word[:1] != "-" or word == "-":
            continue
        name, equals, _ = word.partition("=")
        if word in flags or (equals and (name in values or name in flags) and name[:2] == "--"):
            continue
        if word in values:
            place += 1
        elif not _is_short(word, values, letters):
            return False
    return True


def _is_short(word: str, values: "frozenset[str]", letters: str) -> bool:
    """Whether a word is short options in one, of which the last may have its value at once: `-xq`, `-n4`, `-kname`."""
    if word[:2] == "--":
        return False
    if "--max-count" in values and word[1:].isdigit():  # git log -3
        return True
    rest = word[1:].lstrip(letters) if letters else word[1:]
    return not rest or f"-{rest[0]}" in values


def _has_message(arguments: "list[str]") -> bool:
    """Whether a commit opens no editor."""
    short = [word for word in arguments if word[:1] == "-" and word[:2] != "--"]
    return any("m" in word for word in short) or any(
        word == "--no-edit" or word.partition("=")[0] == "--message" for word in arguments
    )
