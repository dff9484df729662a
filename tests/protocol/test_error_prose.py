"""Replies that report a failure, and replies that talk about one."""

from __future__ import annotations

import pytest

from chatkit_doctor.protocol.error_prose import error_prose

TRACEBACK = (
    'Traceback (most recent call last):\n  File "app.py", line 3, in <module>\n    1/0\n'
    "ZeroDivisionError: division by zero"
)


@pytest.mark.parametrize(
    "text",
    [
        "I'm sorry, I encountered an error: Connection refused",
        "I’m sorry, but I encountered an error while processing your request. Please try again.",
        "Sorry, I ran into an unexpected error.",
        "Sorry, something went wrong. Please try again later!",
        "Oops! Something went wrong.",
        "❌ An error occurred: 'NoneType' object has no attribute 'run'",
        "An error occurred while processing your request. You can retry, or contact us if it persists.",
        "I apologize, but there was an error processing your message.",
        "I apologize, but I encountered a technical issue. Please try again in a moment.",
        "**Error:** Error code: 401 - {'error': {'message': 'Incorrect API key provided'}}",
        "⚠️ Error: HTTPConnectionPool(host='localhost', port=11434): Max retries exceeded",
        "Error: ECONNREFUSED 127.0.0.1:5432",
        "Error calling the agent: timed out",
        "Error processing message: Rate limit reached for gpt-4o",
        "Failed to connect to the database server.",
        "Failed to connect to http://localhost:11434: all attempts failed",
        "Unable to reach the backend service. Please try again later.",
        "Cannot connect to host api.example.com:443",
        '{"error": {"message": "model not found"}}',
        '{"detail": "Internal Server Error"}',
        TRACEBACK,
        f"Here is what happened.\n\n{TRACEBACK}",
        "TypeError: Cannot read properties of undefined (reading 'id')\n    at respond (/app/server.js:10:5)",
    ],
)
def test_a_failure_is_told(text: str) -> None:
    assert error_prose(text)


@pytest.mark.parametrize(
    "text",
    [
        "Here is the answer.",
        "",
        "{}",
        '{"city": "Paris", "message": "Bonjour"}',
        "I'm sorry to hear that you encountered an error. Which program showed it?",
        "I'm sorry, I can't help with that.",
        "Sorry, I don't know.",
        "An error occurred while processing your request usually means that the server gave up.",
        "Error: permission denied is what the shell prints when you may not read a file.",
        "Error: a mistake, from Latin errare.",
        "An error is thrown by the parser. Catch it with try and except, and log what was read.",
        "Something went wrong is the fallback that a React error boundary shows.",
        "Something went wrong with the Titanic's rivets: they were brittle. Iron came from many mills.",
        "Failed to connect to server usually means that nothing listens on the port.",
        "Unable to connect to your Wi-Fi? Turn the router off and on again.",
        "Could not reach the summit on Friday. The weather was bad.",
        "An error occurred in the 1983 census. It was found in 1991, and the tables were printed anew.",
        "There was an error in my earlier answer: Canberra is the capital, not Sydney.",
        "I got an error in the second step, so I solved the equation another way: x is 4.",
        f"That message comes from Python:\n\n```\n{TRACEBACK}\n```\n\nYou divide by zero in line 3.",
        "A traceback begins with “Traceback (most recent call last):” and ends with the exception.",
    ],
)
def test_a_reply_that_talks_about_failures_tells_of_none(text: str) -> None:
    assert error_prose(text) == ""


def test_what_it_says_is_told_on_one_line() -> None:
    said = error_prose("🚫 I'm sorry, I encountered an error: Connection refused\nTry later.")
    assert said == "I'm sorry, I encountered an error: Connection refused"


def test_a_long_text_is_looked_at_no_further_than_a_failure_goes() -> None:
    assert error_prose("a " * 2_000_000 + TRACEBACK) == ""
