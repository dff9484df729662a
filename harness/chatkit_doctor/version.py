"""The version of chatkit-doctor, as reports and requests name it."""

__version__ = "0.1.0"
