"""chatkit-doctor: says at which layer a ChatKit message was lost, and why."""

from __future__ import annotations

__version__ = "0.1.0"
