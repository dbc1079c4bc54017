"""What stops a backup or a restore; each says in a sentence what to do."""


class KeepingFailed(Exception):
    """Nothing was written, or nothing was changed; the message is for whoever typed the command."""


class Damaged(KeepingFailed):
    """A file is no backup, or not as it was written."""


class InUse(KeepingFailed):
    """A server or a command is at the database."""
