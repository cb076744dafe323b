"""A small mail server for tests: real sockets on 127.0.0.1, a free port, and it can refuse."""

import email
import email.policy
import socketserver
import threading
import uuid
from email.message import EmailMessage

from django.core.mail.backends.base import BaseEmailBackend

from people.models import Message


class Handler(socketserver.StreamRequestHandler):
    """Speaks as much SMTP (RFC 5321) as smtplib needs."""

    timeout = 10

    def handle(self):
        self.say("220 mail for tests")
        while line := self.rfile.readline().decode().strip():
            verb = line.split(" ")[0].upper()
            if verb == "QUIT":
                self.say("221 bye")
                return
            if verb == "DATA":
                self.take_message()
            else:
                self.say(self.server.answers.get(verb, "250 fine"))

    def take_message(self):
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        answer = self.server.answers.get("DATA", "250 taken")
        if answer.startswith("2"):
            self.server.taken.append(
                email.message_from_bytes(b"".join(lines).replace(b"\r\n", b"\n"), policy=email.policy.default)
            )
        self.say(answer)

    def say(self, words):
        self.wfile.write(f"{words}\r\n".encode())


class TakenOverWhileSending(BaseEmailBackend):
    """A way of sending that takes so long that another worker takes the message over."""

    def send_messages(self, mails):
        Message.objects.update(token=uuid.uuid4())
        return len(mails)


class MailServer(socketserver.ThreadingTCPServer):
    """`taken` holds what was accepted. `answers` maps a verb to what is said instead of yes: {"RCPT": "550 no"}."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.taken: list[EmailMessage] = []
        self.answers: dict[str, str] = {}
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self.thread.start()

    @property
    def port(self) -> int:
        return self.server_address[1]

    def stop(self):
        self.shutdown()
        self.thread.join()
        self.server_close()
