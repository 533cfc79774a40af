"""Which commands of a shell line make a commit past the checks, and which files does it write?

On the hot path of the hooks: nothing is imported but the reader of shell lines. It is a guide, not a proof: a program
that calls git by itself is not seen here, but by the git hooks and by `devtools verify`.
"""

from devtools.hooks.shell import Simple, commands

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

COMMIT = "commit"
HOOKS = "hooks"
APPLY = "apply"
# Programs that run the rest of their words, with those of their options that take a value, and their own arguments.
WRAPPERS = {
    **dict.fromkeys(("command", "nohup", "setsid", "builtin", "time", "unbuffer", "caffeinate", "busybox"), ("", 0)),
    "exec": ("-a", 0),
    "nice": ("-n", 0),
    "ionice": ("-c -n -p", 0),
    "timeout": ("-s -k", 1),
    "stdbuf": ("-i -o -e", 0),
    "sudo": ("-u -g -C -D -h -p -r -t -T -U", 0),
    "doas": ("-u -C", 0),
    "chroot": ("", 1),
    "flock": ("-w -E", 1),
    "env": ("-u -C --unset --chdir", 0),
    "xargs": ("-n -P -I -L -d -E -s -a", 0),
    "watch": ("-n -d", 0),
    "parallel": ("-j -a -I", 0),
}
# Programs that run, after this word and their options, the rest of their words in a project's environment.
RUNNERS = dict.fromkeys(("uv", "poetry", "pdm", "hatch", "rye", "pipenv", "pipx", "devtools"), "run")
RESERVED = frozenset(("if", "then", "elif", "else", "do", "while", "until", "!", "{", "coproc"))
SHELLS = frozenset(("script", "sh", "bash", "zsh", "dash", "ksh", "ash", "su"))
# Options of git itself, before the subcommand, that take the next word.
GIT_VALUES = frozenset(
    ("-C", "-c", "--git-dir", "--work-tree", "--namespace", "--exec-path", "--config-env", "--super-prefix")
)
COMMIT_VALUES = frozenset(
    (
        *("-m", "-F", "-C", "-c", "-t", "--message", "--file", "--author", "--date", "--template", "--reuse-message"),
        *("--reedit-message", "--fixup", "--squash", "--cleanup", "--trailer", "--pathspec-from-file"),
    )
)
DRY = frozenset(("--dry-run", "--help", "-h", "--short", "--porcelain", "--long"))
# Subcommands that are git's own, so that no alias can stand behind them, and that make no commit on a branch.
HARMLESS = frozenset(
    (
        *("add", "annotate", "apply", "archive", "bisect", "blame", "branch", "bundle", "cat-file", "check-ignore"),
        *("check-attr", "checkout", "cherry", "clean", "clone", "commit-graph", "config", "count-objects", "describe"),
        *("diff", "diff-index", "diff-tree", "difftool", "fetch", "for-each-ref", "format-patch", "fsck", "gc", "grep"),
        *("help", "init", "log", "ls-files", "ls-remote", "ls-tree", "merge-base", "mv", "name-rev", "notes", "push"),
        *("range-diff", "read-tree", "reflog", "remote", "reset", "restore", "rev-list", "rev-parse", "rm", "shortlog"),
        *("show", "show-ref", "sparse-checkout", "stash", "status", "submodule", "switch", "symbolic-ref", "tag"),
        *("update-index", "var", "version", "whatchanged", "worktree", "write-tree", "maintenance", "mergetool"),
    )
)
# Subcommands that make commits out of commits: honest, unless they are told to leave out the hooks.
CARRIERS = frozenset(("merge", "rebase", "am", "cherry-pick", "revert", "pull"))
# The last word of a copier is written, every word of the others.
COPIERS = frozenset(("cp", "install", "ln", "rsync"))
WRITERS = frozenset(("rm", "mv", "tee", "truncate", "unlink", "shred", "touch", "chmod"))
DEPTH = 8


class Act:
    """What a command would do, in `folder`: `kind` COMMIT, HOOKS (git's hooks set aside), APPLY (a plan made commits
    without their proof) or "write", of `path`, or what `moving` calls it."""

    __slots__ = ("folder", "kind", "path")

    def __init__(self, kind: str, folder: str, path: str = "") -> None:
        self.kind, self.folder, self.path = kind, folder, path

    def __repr__(self) -> str:
        return f"Act({self.kind!r}, {self.folder!r}, {self.path!r})"


def acts(text: str, folder: str, alias: "Callable[[str, str], str]") -> "list[Act]":
    """Return what the line would do, run in `folder`. `alias(folder, name)` is git's alias of that name, or empty."""
    return list(_Line(folder, alias).read(text, 0))


class _Line:
    """Walks through a line's commands; remembers the folder, the variables and the aliases that earlier ones set."""

    def __init__(self, folder: str, alias: "Callable[[str, str], str]") -> None:
        self.folder, self.alias = folder, alias
        self.variables: dict[str, str] = {}
        self.aliases: dict[str, str] = {}

    def read(self, text: str, depth: int) -> "Iterator[Act]":
        if depth > DEPTH:
            return
        for command in commands(text):
            for path in command.writes:
                yield Act("write", self.folder, path)
            words = [part for word in command.words for part in self._expanded(word)]
            yield from self._run(words, command, depth)

    def _expanded(self, word: str) -> list[str]:
        """A word that is one variable of this line stands for its words; braces with commas for each of theirs."""
        name = word[1:].strip("{}") if word.startswith("$") else ""
        if name in self.variables:
            return self.variables[name].split()
        if word.startswith("{") and word.endswith("}") and "," in word:
            return word[1:-1].split(",")
        return [word]

    def _run(self, words: list[str], command: Simple, depth: int) -> "Iterator[Act]":
        words = self._unwrapped(words)
        if not words:
            return
        name, rest = words[0].rsplit("/", 1)[-1].removesuffix(".exe"), words[1:]
        if name in ("cd", "pushd"):
            self.folder = _joined(self.folder, next((word for word in rest if not word.startswith("-")), ""))
        elif name == "eval":
            yield from self.read(" ".join(rest), depth + 1)
        elif name in SHELLS:
            yield from self.read(_script(rest, command), depth + 1)
        elif name == "find":
            for place, word in enumerate(rest):
                if word in ("-exec", "-execdir", "-ok", "-okdir"):
                    yield from self._run(rest[place + 1 :], command, depth + 1)
                elif word == "-delete":
                    yield from (Act("write", self.folder, path) for path in _starts(rest))
        elif name in ("export", "declare", "local", "readonly"):
            self._assigned(rest)
        elif name in ("git", "hub") or name.startswith("git-"):
            yield from self._git(rest if name in ("git", "hub") else [name[4:], *rest], depth)
        elif name == "devtools" or (name.startswith("python") and _module(rest) == "devtools"):
            options = rest[rest.index("commit") :] if "commit" in rest else []
            if any(word.split("=")[0] == "--apply" for word in options) and not {"--verify", "--help"} & set(options):
                yield Act(APPLY, self.folder)
            pages = (rest[place + 1] for place, word in enumerate(rest[:-1]) if word == "--html")
            named = (word[7:] for word in rest if word.startswith("--html="))
            yield from (Act("write", self.folder, page) for page in (*pages, *named) if page and "history" in rest)
        else:
            from devtools.hooks.moves import moves

            yield from self._written(name, rest)
            yield from (Act(kind, self.folder, path) for kind, path in moves(name, rest))

    def _written(self, name: str, rest: list[str]) -> "Iterator[Act]":
        in_place = name in ("sed", "perl") and any(word.startswith(("-i", "--in-place", "-pi", "-ni")) for word in rest)
        if name in WRITERS or in_place:
            for word in rest:
                yield Act("write", self.folder, word)
        elif name in COPIERS and rest:
            yield Act("write", self.folder, rest[-1])
        elif name == "dd":
            for word in rest:
                if word.startswith("of="):
                    yield Act("write", self.folder, word[3:])

    def _assigned(self, words: list[str]) -> list[str]:
        """Remember leading NAME=VALUE words; returns those after them."""
        for place, word in enumerate(words):
            name, equals, value = word.partition("=")
            if not (equals and name.replace("_", "a").isalnum() and not name[0].isdigit()):
                return words[place:]
            self.variables[name] = value
        return []

    def _unwrapped(self, words: list[str]) -> list[str]:
        """The words of the program that runs in the end."""
        while words:
            words = self._assigned(words)
            name = words[0].rsplit("/", 1)[-1] if words else ""
            if name in RESERVED:
                words = words[1:]
            elif name in WRAPPERS:
                words = _after_options(words[1:], *WRAPPERS[name])
            elif words[1:2] == [RUNNERS.get(name)]:
                words = _after_options(words[2:], "--with --extra --group -p --python", 0)
            else:
                break
        return words

    def _git(self, words: list[str], depth: int) -> "Iterator[Act]":
        folder, settings, place = self.folder, self._settings(), 0
        while place < len(words) and words[place].startswith("-"):
            option, value = words[place], words[place + 1] if place + 1 < len(words) else ""
            if option == "-C":
                folder = _joined(folder, value)
            elif option == "-c":
                key, _, setting = value.partition("=")
                settings[key.lower()] = setting
            elif option.startswith("--config-env"):
                settings[(option + value).split("=")[1 if "=" in option else 0].lower()] = ""
            place += 2 if option in GIT_VALUES else 1
        if place < len(words):
            yield from self._subcommand(words[place], words[place + 1 :], folder, settings, depth)

    def _settings(self) -> dict[str, str]:
        """Settings that the environment hands to git."""
        names = [name for name in self.variables if name.startswith("GIT_CONFIG_KEY_")]
        pairs = ((self.variables[name], self.variables.get(f"GIT_CONFIG_VALUE_{name[15:]}", "")) for name in names)
        given = self.variables.get("GIT_CONFIG_PARAMETERS", "").lower()
        return {**({"core.hookspath": given} if "hookspath" in given else {}), **{k.lower(): v for k, v in pairs}}

    def _subcommand(
        self, name: str, rest: list[str], folder: str, settings: dict[str, str], depth: int
    ) -> "Iterator[Act]":
        if name == "commit":
            if not _is_dry(rest):
                yield Act(COMMIT, folder)
        elif name in ("commit-tree", "fast-import", "filter-branch") or (name == "hash-object" and "commit" in rest):
            yield Act(COMMIT, folder)
        elif name == "update-ref":
            if "--stdin" in rest or (
                "-d" not in rest and any(w == "HEAD" or w.startswith("refs/heads/") for w in rest)
            ):
                yield Act(COMMIT, folder)
        elif name in CARRIERS:
            if "--no-verify" in rest or "core.hookspath" in settings:
                yield Act(COMMIT, folder)
            yield from self._executed(rest, depth)
        elif name == "config":
            yield from self._configured(rest, folder)
        elif name == "bisect" and rest[:1] == ["run"]:
            yield from self._run(rest[1:], Simple(), depth + 1)
        elif name not in HARMLESS and depth < DEPTH:
            yield from self._aliased(name, rest, folder, settings, depth)

    def _aliased(
        self, name: str, rest: list[str], folder: str, settings: dict[str, str], depth: int
    ) -> "Iterator[Act]":
        key = f"alias.{name.lower()}"
        value = settings.get(key) or self.aliases.get(key) or self.alias(folder, name)
        if value.startswith("!"):
            yield from self.read(value[1:], depth + 1)
        elif value:
            options = [word for key, setting in settings.items() for word in ("-c", f"{key}={setting}")]
            expanded = [word for command in commands(value) for word in command.words]
            yield from self._git(["-C", folder, *options, *expanded, *rest], depth + 1)

    def _executed(self, rest: list[str], depth: int) -> "Iterator[Act]":
        """What `git rebase --exec` runs after each commit."""
        for place, word in enumerate(rest):
            if word in ("-x", "--exec"):
                yield from self.read(" ".join(rest[place + 1 : place + 2]), depth + 1)
            elif word.startswith("--exec="):
                yield from self.read(word[7:], depth + 1)

    def _configured(self, rest: list[str], folder: str) -> "Iterator[Act]":
        """A setting that is written: hooks set aside are an act, aliases are remembered."""
        from devtools.hooks import git_config as setting

        key, value = setting.written(rest)
        if setting.decides_on_hooks(key):
            yield Act(HOOKS, folder)
        if key:
            self.aliases[key] = " ".join(value)


def _script(rest: list[str], command: Simple) -> str:
    """What a shell would read: the text of `-c`, the here-document, or what is echoed into it."""
    for place, word in enumerate(rest):
        if word.startswith("-") and not word.startswith("--") and "c" in word:
            return next((text for text in rest[place + 1 :] if not text.startswith("-")), "")
    if any(not word.startswith("-") for word in rest):
        return ""
    before = command.piped.words if command.piped else []
    return command.stdin or (" ".join(before[1:]) if before[:1] in (["echo"], ["printf"]) else "")


def _module(rest: list[str]) -> str:
    """The module that an interpreter with these words would run, or empty."""
    return next((rest[place + 1] for place, word in enumerate(rest[:-1]) if word == "-m"), "")


def _after_options(words: list[str], valued: str, own: int) -> list[str]:
    """What follows a wrapper's options and its own arguments; a string that `env -S` would split is split."""
    values = valued.split()
    while words and words[0].startswith("-"):
        if words[0] in ("-S", "--split-string"):
            return [*(words[1].split() if len(words) > 1 else []), *words[2:]]
        words = words[2 if words[0] in values else 1 :]
    return words[own:]


def _is_dry(rest: list[str]) -> bool:
    """Whether `git commit` with these words only shows something; the value of an option is no option."""
    place = 0
    while place < len(rest) and rest[place] != "--":
        word = rest[place]
        if word in DRY:
            return True
        cluster = word.startswith("-") and not word.startswith("--") and word[-1:] in "mFCct"
        place += 2 if word in COMMIT_VALUES or cluster else 1
    return False


def _starts(words: list[str]) -> list[str]:
    """Where a find begins to look: all before its first test, without the options on links."""
    words = [word for word in words if word not in ("-H", "-L", "-P")]
    first = next((place for place, word in enumerate(words) if word[:1] in ("-", "(", "!")), len(words))
    return words[:first] or ["."]


def _joined(folder: str, path: str) -> str:
    if path.startswith(("$(mktemp", "`mktemp")):  # a new folder, which lies in no repository of ours
        return "/"
    return path if path.startswith("/") else f"{folder}/{path}" if path else folder
