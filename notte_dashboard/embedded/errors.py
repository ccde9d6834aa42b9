class StartError(Exception):
    """The start ends here. The message is for the user: what is wrong, which variable, what to do."""
