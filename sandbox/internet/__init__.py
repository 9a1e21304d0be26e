"""A mail internet for measuring speed: up to a million addresses, computed when they are asked for."""

from sandbox.internet.shape import Answering, Group, Shape, Site
from sandbox.internet.strict import StrictGate, Turn
from sandbox.internet.world import Internet

__all__ = ["Answering", "Group", "Internet", "Shape", "Site", "StrictGate", "Turn"]
