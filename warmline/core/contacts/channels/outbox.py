"""The outbox: a channel that sends nothing. What would have been said stands on HQ's screen."""

from warmline.core.contacts.channels import Outgoing, Receipt


class Outbox:
    """Accepts everything; the message itself, kept by whoever queued it, is what can be read."""

    def send(self, message: Outgoing) -> Receipt:
        return Receipt(id=f"outbox:{message.key}")
