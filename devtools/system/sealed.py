"""Files that somebody else may have laid in our way: no link is followed, nothing is read without a bound.

A file is named by a folder that is trusted and a path below it, each part of which is opened by itself: a link in the
place of any of them is refused. What is written is made under a name that nobody can guess and moved whole. On the
hooks' path, so nothing but the system is imported.
"""

import os
import stat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    Answer = TypeVar("Answer")

# Numbers of errno, which a hook need not import for them.
OTHER_DISK, INVALID, TOO_BIG = 18, 22, 27
# What a clone brings under a known name may be a link to /dev/zero.
MOST = 64 * 1024 * 1024
# What marks the name of a file in the making; a kill leaves one behind, which `sweep` removes.
MAKING = ".~"
STALE_SECONDS = 60.0
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
# O_NONBLOCK: a pipe in the place of a file would make a hook or a commit wait for its writer.
_FILE = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC


def contents(path: str, most: int = MOST) -> bytes:
    """Read a file of somebody else, through links. OSError where it is no regular file or holds more bytes."""
    return _whole(os.open(path, _FILE), path, most)


def tail(path: str, start: int, most: int) -> "bytes | None":
    """Read a file of somebody else from `start` on, so many bytes at most; None where there is no regular file."""
    try:
        handle = os.open(path, _FILE)
    except OSError:
        return None
    with open(handle, "rb") as stream:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return None
        stream.seek(start)
        return stream.read(most)


def read(base: str, name: str, most: int = MOST) -> bytes:
    """Read the file `name` below `base`. OSError where a part is a link, it is no regular file, or holds more bytes."""

    def opened(folder: int, leaf: str) -> bytes:
        return _whole(os.open(leaf, _FILE | os.O_NOFOLLOW, dir_fd=folder), name, most)

    return _at(base, name, opened)


def head(base: str, name: str, count: int) -> bytes:
    """Read the first bytes of the file `name` below `base`, which may hold more."""

    def opened(folder: int, leaf: str) -> bytes:
        return _first(os.open(leaf, _FILE | os.O_NOFOLLOW, dir_fd=folder), name, count)

    return _at(base, name, opened)


def write(
    base: str,
    name: str,
    data: bytes,
    mode: int = 0o600,
    aside: str = "",
    still: "Callable[[], bool]" = lambda: True,
) -> bool:
    """Put a whole file in the place of `name` below `base`, and make the folders to it. OSError where one is a link.

    It is made in the folder `aside` where that is on the same disk, so that a kill leaves nothing to see. It is put in
    its place, and True returned, if it is `still` to be.
    """

    def put(folder: int, leaf: str) -> bool:
        # A kill of init left pyproject.toml.~ in the working tree, so what is in the making may lie in the git
        # directory.
        elsewhere = os.open(aside or base, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            return _put(elsewhere if aside else folder, folder, leaf, data, mode, still)
        except OSError as error:  # of one disk that is mounted twice only the move itself tells that it cannot be
            if not aside or error.errno != OTHER_DISK:
                raise
            return _put(folder, folder, leaf, data, mode, still)
        finally:
            os.close(elsewhere)

    try:
        return _at(base, name, put, make=True)
    except OSError as error:
        error.filename = error.filename or name  # a full disk says what is wrong, and not where
        raise


def _put(making: int, folder: int, leaf: str, data: bytes, mode: int, still: "Callable[[], bool]") -> bool:
    # Unguessable, and opened with O_EXCL: nobody can lay a file or a link of theirs under this name before.
    temporary = leaf + MAKING + os.urandom(8).hex()
    handle = os.open(temporary, _NEW, mode, dir_fd=making)
    try:
        with open(handle, "wb") as stream:
            stream.write(data)
            os.fchmod(handle, mode)  # the umask has taken away from what open was given
        wanted = still()
        if wanted:
            os.replace(temporary, leaf, src_dir_fd=making, dst_dir_fd=folder)
        else:
            os.unlink(temporary, dir_fd=making)
    except BaseException:  # an interrupt too: nothing half-written stays
        os.unlink(temporary, dir_fd=making)
        raise
    return wanted


def link(base: str, name: str, target: bytes) -> None:
    """Put a symbolic link in the place of `name` below `base`."""

    def put(folder: int, leaf: str) -> None:
        making = leaf + MAKING + os.urandom(8).hex()
        os.symlink(target, os.fsencode(making), dir_fd=folder)
        os.replace(making, leaf, src_dir_fd=folder, dst_dir_fd=folder)

    _at(base, name, put, make=True)


def remove(base: str, name: str) -> None:
    """Remove the file or link `name` below `base`, if it is there."""
    try:
        _at(base, name, lambda folder, leaf: os.unlink(leaf, dir_fd=folder))
    except FileNotFoundError:
        return


def names(base: str, name: str) -> "list[str]":
    """Return what the folder `name` below `base` holds. OSError where it is none, or a link."""

    def listed(folder: int, leaf: str) -> "list[str]":
        handle = os.open(leaf, _FOLDER, dir_fd=folder)
        try:
            return os.listdir(handle)
        finally:
            os.close(handle)

    return _at(base, name, listed)


def make(base: str, name: str) -> None:
    """Make the folder `name` below `base`, with those above it. OSError where one is a link or no folder."""
    _at(base, os.path.join(name, "."), lambda folder, leaf: None, make=True)


def sweep(base: str, name: str, now: float) -> None:
    """Remove from a folder the files in the making that a kill left there a minute ago or longer."""
    for each in names(base, name):
        if MAKING in each:
            path = os.path.join(base, name, each)
            try:
                if now - os.lstat(path).st_mtime > STALE_SECONDS:
                    os.unlink(path)
            except OSError:
                pass  # another process was faster


def _at(base: str, name: str, act: "Callable[[int, str], Answer]", make: bool = False) -> "Answer":
    """What `act` gives for the folder that holds `name`, as an open number, and the last part of the name."""
    *parts, leaf = name.split("/")
    if ".." in (*parts, leaf) or not leaf:
        raise OSError(INVALID, "no name of a file", name)
    # Only `base` is trusted, and may be a link. Each part below is opened from its open parent and without following
    # links: looking first and opening then would leave a moment to swap the folder.
    folder = os.open(base, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for part in parts:
            inner = _enter(folder, part, make)
            os.close(folder)
            folder = inner
        return act(folder, leaf)
    finally:
        os.close(folder)


def _enter(folder: int, part: str, make: bool) -> int:
    if make:
        _made(folder, part)
    return os.open(part, _FOLDER, dir_fd=folder)


def _made(folder: int, part: str) -> bool:
    """Whether there was nothing of that name, so that a folder was made."""
    try:
        os.mkdir(part, 0o777, dir_fd=folder)
    except FileExistsError:
        return False
    return True


def _whole(handle: int, name: str, most: int) -> bytes:
    """The bytes of an open file, which is closed."""
    data = _first(handle, name, most + 1)
    if len(data) > most:
        raise OSError(TOO_BIG, f"more than {most} bytes", name)
    return data


def _first(handle: int, name: str, count: int) -> bytes:
    """As many bytes of an open file, which is closed."""
    regular = stat.S_ISREG(os.fstat(handle).st_mode)
    if not regular:
        os.close(handle)
        raise OSError(INVALID, "not a regular file", name)
    with open(handle, "rb") as stream:
        return stream.read(count)
