"""Logs one person in by Kratos' own API, once straight at Kratos and once through Caddy, in turn, so many times
(argument 1). Prints one JSON line for each pair: milliseconds of both. Connections are kept, as Cloudflare keeps them.

The first line of stdin is the host's name, the second the person's address, the third the password."""

import http.client
import json
import socket
import ssl
import sys
import time

HOST, EMAIL, PASSWORD = (sys.stdin.readline().rstrip("\n") for _ in range(3))
TLS = ssl.create_default_context()
# The certificate is Cloudflare's own authority's, and this is about time.
TLS.check_hostname = False
TLS.verify_mode = ssl.CERT_NONE


def talk(connection, method, path, body, visitor):
    headers = {"Host": HOST, "Accept": "application/json", "Content-Type": "application/json"}
    connection.request(method, path, body, {**headers, "CF-Connecting-IP": visitor})
    answer = connection.getresponse()
    text = answer.read()
    if answer.status != 200:
        sys.exit(f"{method} {path} answered {answer.status}: {text[:300]!r}")
    return json.loads(text)


def login(connection, visitor):
    begin = time.perf_counter()
    flow = talk(connection, "GET", "/self-service/login/api", None, visitor)
    body = json.dumps({"method": "password", "identifier": EMAIL, "password": PASSWORD})
    session = talk(connection, "POST", f"/self-service/login?flow={flow['id']}", body, visitor)
    if not session.get("session_token"):
        sys.exit("Kratos gave no session")
    return (time.perf_counter() - begin) * 1000


def main():
    ways = {
        "kratos": http.client.HTTPConnection("127.0.0.1", 3100),
        "caddy": http.client.HTTPSConnection(HOST),
    }
    ways["caddy"].sock = TLS.wrap_socket(socket.create_connection(("127.0.0.1", 8443)), server_hostname=HOST)
    for connection in ways.values():
        login(connection, "192.0.2.1")
    for pair in range(int(sys.argv[1])):
        # Each login is another visitor's: limits count, and none is reached.
        visitor = f"10.{pair >> 16 & 255}.{pair >> 8 & 255}.{pair & 255}"
        order = list(ways) if pair % 2 else list(ways)[::-1]
        print(json.dumps({way: login(ways[way], visitor) for way in order}), flush=True)


main()
