import socket
import urllib.request

import keras
from keras import layers


def attempt(what, act):
    """Says what was got, and nothing where it was refused."""
    try:
        got = act()
    except Exception:
        return
    print("GOT", what, str(got)[:200])


PORT = 9
NAME = b"\0ef-listener"
DATAGRAMS = b"\0ef-datagrams"
for family in (socket.AF_INET, socket.AF_INET6):
    for host in ("127.0.0.1", "::1", "10.0.0.1", "1.1.1.1"):
        attempt(f"TCP {host}", lambda: socket.create_connection((host, PORT), 2).sendall(b"secret"))
attempt("UDP", lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"secret", ("127.0.0.1", PORT)))
for name in (NAME, b"/run/docker.sock", b"/run/systemd/private", b"/tmp/.X11-unix/X0"):
    attempt(f"UNIX {name}", lambda: socket.socket(socket.AF_UNIX).connect(name))
    attempt(f"UNIX {name}", lambda: socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b"s", name))
for name in (NAME, DATAGRAMS, b"/dev/log", b"/run/systemd/notify"):
    for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM, socket.SOCK_SEQPACKET, socket.SOCK_RAW):
        attempt(f"pair {name}", lambda: socket.socketpair(socket.AF_UNIX, kind)[0].sendto(b"s", name))
        attempt(f"pair {name}", lambda: socket.socketpair(socket.AF_UNIX, kind)[0].connect(name))
        attempt(f"pair {name}", lambda: socket.socketpair(socket.AF_UNIX, kind)[0].bind(name + b"2"))
        attempt(
            f"pair {name}",
            lambda: socket.socketpair(socket.AF_UNIX, kind)[0].sendmsg([b"s"], [], 0, name),
        )
attempt("netlink", lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW))
attempt("listens", lambda: socket.create_server(("127.0.0.1", 0)))
attempt("DNS", lambda: socket.getaddrinfo("example.org", 80))
attempt("HTTP", lambda: urllib.request.urlopen("http://example.org", timeout=2))


def build_model():
    model = keras.Sequential()
    model.add(keras.Input(shape=(6912,)))
    model.add(layers.Dense(8))
    model.add(layers.Activation("softmax"))
    return model
