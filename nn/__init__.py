"""A neural network in which every number can be seen: numpy, a tape, and the chain rule repeatedly."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nn.network import Network

__all__ = ["Network"]


def __getattr__(name: str) -> object:
    # Loaded when asked for, so that the command can settle the number of threads before numpy is there.
    if name != "Network":
        raise AttributeError(f"module 'nn' has no attribute {name!r}")
    from nn.network import Network

    return Network
