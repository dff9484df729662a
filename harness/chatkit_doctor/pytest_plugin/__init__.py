"""Chats in a project's own tests: fixtures, options, marks, and scenario files as tests."""
