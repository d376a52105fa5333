"""Scans all TCP ports of an address (argument 1) from the first to the last (arguments 2 and 3) and prints those that
take a connection, as a JSON list. A port is given up only after all of its batch have been asked and waited for, so that
a busy computer cannot take an open one for closed."""

import json
import resource
import select
import socket
import sys
import time

_, FILES = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, FILES))
BATCH = min(FILES - 100, 16_384)
# A bridge of this computer answers within a millisecond; a packet that the wall drops is never answered.
PATIENCE_S = 2


def scan(family, where, ports):
    poll, asked, opened = select.epoll(), {}, []
    for port in ports:
        s = socket.socket(family, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        s.connect_ex((where[0], port) + where[2:])
        poll.register(s, select.EPOLLOUT)
        asked[s.fileno()] = (s, port)
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        for number, _ in poll.poll(0.1, BATCH):
            s, port = asked.pop(number)
            if s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0:
                opened.append(port)
            poll.unregister(number)
            s.close()
    for s, _ in asked.values():
        s.close()
    return opened


family, _, _, _, where = socket.getaddrinfo(sys.argv[1], 0, type=socket.SOCK_STREAM)[0]
wanted = list(range(int(sys.argv[2]), int(sys.argv[3]) + 1))
found = [port for at in range(0, len(wanted), BATCH) for port in scan(family, where, wanted[at : at + BATCH])]
print(json.dumps(sorted(found)))
