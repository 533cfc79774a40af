"""A neural network in which every number can be seen: numpy, a tape, and the chain rule repeatedly."""

from nn.network import Network

__all__ = ["Network"]
