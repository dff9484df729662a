"""What every id means in practice: what was sent, what the component did with it, what to send instead."""
