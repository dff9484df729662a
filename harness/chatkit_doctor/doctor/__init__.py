"""What is here, what is missing, and the next step: whether a check could be made on this machine now."""
