"""The trap of conftest.py, set in a small suite of its own."""

import re
import subprocess
import sys
from pathlib import Path

OURS = str(Path(__file__).parent / "conftest.py")
CONFTEST = f"exec(compile(open({OURS!r}).read(), {OURS!r}, 'exec'))\n"
# What the code under test does, though it catches the error; and what is said of it.
ESCAPES = {
    "open(OUT + '/new', 'w')": "wrote OUT/new",
    "open(OUT + '/kept', 'r+')": "wrote OUT/kept",
    "os.chdir(OUT), open('new', 'w')": "wrote OUT/new",
    "os.open(OUT + '/new', os.O_CREAT | os.O_WRONLY)": "wrote OUT/new",
    "os.mkdir(OUT + '/new')": "wrote OUT/new",
    "os.remove(OUT + '/kept')": "wrote OUT/kept",
    "os.unlink('kept', dir_fd=os.open(OUT, os.O_RDONLY))": "wrote OUT/kept",
    "os.replace(OUT + '/kept', tmp_path / 'here')": "wrote OUT/kept",
    "os.rename(tmp_path, OUT + '/moved')": "wrote OUT/moved",
    "os.symlink('kept', OUT + '/link')": "wrote OUT/link",
    "os.link(OUT + '/kept', OUT + '/link')": "wrote OUT/link",
    "os.truncate(OUT + '/kept', 0)": "wrote OUT/kept",
    "os.utime(OUT + '/kept')": "wrote OUT/kept",
    "pathlib.Path(OUT, 'kept').chmod(0)": "wrote OUT/kept",
    "shutil.rmtree(OUT)": "wrote OUT/kept",
    "socket.socket().connect(('192.0.2.1', 80))": "talked to 192.0.2.1",
    "socket.socket(type=socket.SOCK_DGRAM).sendto(b'', ('192.0.2.1', 80))": "talked to 192.0.2.1",
    "socket.getaddrinfo('example.invalid', 80)": "looked up example.invalid",
}
FREE = (
    "(tmp_path / 'new').write_text('x')",
    "pathlib.Path('near').write_text(open(OUT + '/kept').read())",
    "open(os.devnull, 'w').close()",
    "os.mkdir(tmp_path / 'sub'), os.rmdir('sub', dir_fd=os.open(tmp_path, os.O_RDONLY))",
    "with socket.create_server(('127.0.0.1', 0)) as at: socket.create_connection(at.getsockname()).close()",
    "socket.socketpair()",
)


def test_what_leaves_the_temporary_folder_or_the_machine_is_stopped_and_fails_the_test(tmp_path):
    project, temporary, out = (tmp_path / name for name in ("project", "temporary", "outside"))
    for folder in (project, temporary, out):
        folder.mkdir()
    (out / "kept").write_text("as it was")
    (project / "conftest.py").write_text(CONFTEST)
    lines = ["import os, pathlib, shutil, socket", f"OUT = {str(out)!r}"]
    for number, line in enumerate(ESCAPES):
        lines += [f"def test_{number}(tmp_path):", "    try:", f"        {line}", "    except OSError:", "        pass"]
    for number, line in enumerate(FREE):
        lines += [f"def test_free_{number}(tmp_path):", f"    {line}"]
    (project / "test_it.py").write_text("\n".join(lines))
    argv = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--tb=line", "-rfE", "test_it.py"]
    environment = {"PATH": "/usr/bin:/bin", "TMPDIR": str(temporary), "HOME": str(tmp_path), "COLUMNS": "999"}
    done = subprocess.run(argv, cwd=project, env=environment, capture_output=True, text=True)
    said = done.stdout.replace(str(out), "OUT")
    assert {each.name: each.read_text() for each in out.iterdir()} == {"kept": "as it was"}
    failed = dict(re.findall(r"^FAILED test_it\.py::test_(\w+) - Failed: the test (.*?): use", said, re.MULTILINE))
    assert failed == {str(number): deed for number, deed in enumerate(ESCAPES.values())}, said
    assert f"{len(ESCAPES)} failed, {len(FREE)} passed" in said
