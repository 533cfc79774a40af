import os
import socket

from devtools.project.irregular import irregular


def test_pipes_sockets_and_links_to_them_are_found_wherever_a_tool_would_look(repository):
    repository.put("tracked.py", "")
    repository.put("new/b.py", "")
    repository.put(".gitignore", "ignored/\n")
    repository.put("ignored/b.py", "")
    repository.git("add", "tracked.py")
    (repository.path / "tracked.py").unlink()
    (repository.path / "only").mkdir()
    for name in ("tracked.py", "only/LEARNINGS.md", "new/c.pyi", "ignored/c.py", "fifo.log"):
        os.mkfifo(repository.path / name)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s.py")
    os.symlink("only/LEARNINGS.md", "linked.py")
    os.symlink("nowhere", "dangling.py")
    found = ["linked.py", "new/c.pyi", "only/LEARNINGS.md", "s.py", "tracked.py"]
    assert irregular(str(repository.path)) == found
