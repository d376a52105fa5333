# headers.py PID HOST CERTIFICATE CONNECTIONS HEADERS: opens as many connections to Caddy, sends on each this number of headers of 4 kB
# without the end of the request, and says what PID's share of the memory grew by while all are held, in kB.
import socket
import ssl
import sys

pid, host, certificate, connections, headers = sys.argv[1:]
context = ssl._create_unverified_context()
context.load_cert_chain(certificate + ".crt", certificate + ".key")


def share():
    with open(f"/proc/{pid}/smaps_rollup") as file:
        return int(next(line for line in file if line.startswith("Pss:")).split()[1])


before = share()
head = f"GET / HTTP/1.1\r\nHost: {host}\r\nCF-Connecting-IP: 203.0.113.9\r\n"
head += "".join(f"X-{n}: {'x' * 4000}\r\n" for n in range(int(headers)))
held = []
for _ in range(int(connections)):
    plain = socket.create_connection(("127.0.0.1", 443), source_address=("127.0.5.1", 0))
    held.append(context.wrap_socket(plain, server_hostname=host))
    held[-1].sendall(head.encode())
print(share() - before)
