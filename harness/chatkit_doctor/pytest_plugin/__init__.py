"""Chats in the tests of somebody's own project: fixtures, options, marks, and scenario files as tests."""
