"""A shell command line, read as the shell would: which simple commands does it hold, each with its words?

Read on the hot path of the hooks, so nothing is imported here. Source: POSIX.1-2017, Shell Command Language, 2.2 and
2.3, with bash's here-strings, `$'...'` and process substitution. Nothing is run; a malformed line is read to its end.
"""

BLANKS = " \t"
OPERATORS = ";&|()\n"
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "e": "\x1b", "f": "\f", "v": "\v"}


class Simple:
    """One simple command: its words without quotes, the files it is redirected to, and the here-document fed to it.

    `piped` is the command whose output it reads. A substitution stands in a word as it was written; its commands are
    found before the command that holds it. `begins` are the places of its words in the text, `stop` is that of the
    operator that ends it, `ended`. `redirections` are as written. `inner`: it stands in a substitution.
    """

    __slots__ = ("begins", "ended", "inner", "piped", "redirections", "stdin", "stop", "words", "writes")

    def __init__(self, piped: "Simple | None" = None) -> None:
        self.words: list[str] = []
        self.writes: list[str] = []
        self.begins: list[int] = []
        self.redirections: list[str] = []
        self.stdin = self.ended = ""
        self.stop = 0
        self.inner = False
        self.piped = piped


def commands(text: str) -> list[Simple]:
    """Return all simple commands of `text` in order, those in substitutions and subshells included."""
    # The words that the shell would run are needed: a search for "git commit" refuses honest searches and misses
    # g'i't.
    reader = _Reader(text)
    while reader.at < len(text):
        reader.list()
        reader.at += 1  # a closing parenthesis that nothing opened
    return reader.found


class _Reader:
    """Walks over the text once; `at` is the next character."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.found: list[Simple] = []
        self.here: list[tuple[Simple, str, bool]] = []
        self.depth = 0

    def list(self) -> None:
        """Read commands up to the end or to the parenthesis that closes this list."""
        command = Simple()
        while self.at < len(self.text):
            char = self.text[self.at]
            if char in BLANKS or self.text.startswith("\\\n", self.at):
                self.at += 1 if char in BLANKS else 2
            elif char == "#":
                self.at = self._find("\n")
            elif char == ")":
                break
            elif char in OPERATORS and not self.text.startswith("&>", self.at):
                command = self._operator(command, char)
            elif char in "<>&":
                self._redirection(command)
            else:
                self._word_or_number(command)
        self._end(command)

    def _operator(self, command: Simple, char: str) -> Simple:
        """End the command; returns the next one, which reads from it after a pipe."""
        double = self.text.startswith(char * 2, self.at) and char in "&|;"
        self._end(command, char * 2 if double else char)
        self.at += 2 if double else 1
        if char == "(":
            self.list()
            self.at += 1
        elif char == "\n":
            self._here_documents()
        return Simple(command if char == "|" and not double else None)

    def _end(self, command: Simple, operator: str = "") -> None:
        command.stop, command.ended, command.inner = self.at, operator, self.depth > 0
        if command.words or command.writes:
            self.found.append(command)

    def _word_or_number(self, command: Simple) -> None:
        """A word; digits right before a redirection are its file descriptor and no word."""
        start = self.at
        word = self.word()
        number = self.text[start : self.at].isdigit() and self.text[self.at : self.at + 1] in ("<", ">")
        if not number:
            command.words.append(word)
            command.begins.append(start)

    def _redirection(self, command: Simple) -> None:
        if self.text[self.at : self.at + 2] in ("<(", ">("):
            command.begins.append(self.at)
            self._substitution()
            command.words.append("/dev/fd/63")
            return
        start = self.at
        while self.text[self.at : self.at + 1] in ("<", ">", "&", "|") and self.at < start + 3:
            self.at += 1
        operator = self.text[start : self.at]
        if operator == "<<" and self.text[self.at : self.at + 1] == "-":
            self.at, operator = self.at + 1, "<<-"
        self._skip_blanks()
        target = self.word()
        number = self.text[start - 1 : start] if self.text[start - 1 : start].isdigit() else ""
        command.redirections.append(f"{number}{operator}{target}")
        if operator in ("<<", "<<-"):
            self.here.append((command, target, operator == "<<-"))
        elif operator == "<<<":
            command.stdin = target
        elif ">" in operator and not (operator.endswith("&") and target.strip("-").isdigit()):
            command.writes.append(target)

    def _substitution(self) -> None:
        """Read the commands of `$(...)`, `<(...)` or `>(...)`."""
        self.at += 2
        self.depth += 1
        self.list()
        self.depth -= 1
        self.at += 1

    def _here_documents(self) -> None:
        """The bodies of the here-documents that the last line announced."""
        for command, end, tabs in self.here:
            lines = []
            while self.at < len(self.text):
                stop = self._find("\n")
                line = self.text[self.at : stop]
                self.at = stop + 1
                line = line.lstrip("\t") if tabs else line
                if line == end:
                    break
                lines.append(line)
            command.stdin = "\n".join(lines)
        self.here = []

    def word(self) -> str:
        """One word, its quotes taken away."""
        said = ""
        while self.at < len(self.text):
            char = self.text[self.at]
            if char in BLANKS or char in OPERATORS or char in "<>":
                break
            if char == "\\":
                self.at += 2
                escaped = self.text[self.at - 1 : self.at]
                said += "" if escaped == "\n" else escaped
            elif char == "'":
                stop = self._find("'", self.at + 1)
                said += self.text[self.at + 1 : stop]
                self.at = stop + 1
            elif char == '"':
                said += self._double()
            elif char == "$" or char == "`":
                said += self._dollar(quoted=False)
            else:
                said += char
                self.at += 1
        return said

    def _double(self) -> str:
        said = ""
        self.at += 1
        while self.at < len(self.text) and self.text[self.at] != '"':
            char = self.text[self.at]
            if char == "\\" and self.text[self.at + 1 : self.at + 2] in ("$", "`", '"', "\\", "\n"):
                said += self.text[self.at + 1].replace("\n", "")
                self.at += 2
            elif char == "$" or char == "`":
                said += self._dollar(quoted=True)
            else:
                said += char
                self.at += 1
        self.at += 1
        return said

    def _dollar(self, quoted: bool) -> str:
        """A substitution or a parameter: what it runs is read as well, the word keeps it as it was written."""
        start = self.at
        follows = self.text[start + 1 : start + 2]
        if self.text[start] == "`":
            stop = self._find("`", start + 1)
            inside = commands(self.text[start + 1 : stop].replace("\\`", "`"))
            for command in inside:
                command.inner = True
            self.found += inside
            self.at = stop + 1
        elif self.text.startswith("$((", start):
            self.at = self._find("))", start) + 2
        elif follows == "(":
            self._substitution()
        elif follows == "{":
            self.at = self._find("}", start) + 1
        elif follows == "'" and not quoted:
            return self._ansi()
        else:
            self.at += 1
        return self.text[start : self.at]

    def _ansi(self) -> str:
        """The inside of `$'...'`, its escapes read."""
        said = ""
        self.at += 2
        while self.at < len(self.text) and self.text[self.at] != "'":
            if self.text[self.at] == "\\":
                said += self._escape()
            else:
                said += self.text[self.at]
                self.at += 1
        self.at += 1
        return said

    def _escape(self) -> str:
        char = self.text[self.at + 1 : self.at + 2]
        digits, base, skip = ("0123456789abcdefABCDEF", 16, 2) if char == "x" else ("01234567", 8, 1)
        start = stop = self.at + skip
        while stop < start + (2 if base == 16 else 3) and self.text[stop : stop + 1] in [*digits]:
            stop += 1
        if stop > start:
            self.at = stop
            return chr(int(self.text[start:stop], base))
        self.at += 2
        return ESCAPES.get(char, char)

    def _skip_blanks(self) -> None:
        while self.text[self.at : self.at + 1] in (" ", "\t"):
            self.at += 1

    def _find(self, what: str, start: int | None = None) -> int:
        """The place of `what`, or the end of the text. In quotes and backticks a backslash hides a character."""
        begin = self.at if start is None else start
        place = self.text.find(what, begin)
        while what == "`" and place > 0 and self.text[place - 1] == "\\":
            place = self.text.find(what, place + 1)
        return len(self.text) if place < 0 else place
