#!/usr/bin/env python3
"""Publishes readings to a Tutti server, with nothing but Python's standard library.

    export TUTTI_KEY=$(./tutti key create readings 'publish:room:readings')
    python3 examples/backend/publish.py 100 0.5

That is a hundred readings, one each half a second.
Each reading has a key of its own: when an answer is lost, the reading is sent again, and it is still there once.
"""
import json
import os
import random
import sys
import time
import urllib.error
import urllib.request
import uuid

SERVER = os.environ.get("TUTTI_URL", "http://localhost:3000")
KEY = os.environ["TUTTI_KEY"]


def publish(stream, kind, data):
    """Appends one event, and answers its place in the stream; repeats until the server says that it has it."""
    body = json.dumps({"type": kind, "data": data, "key": str(uuid.uuid4())}).encode()
    request = urllib.request.Request(
        f"{SERVER}/api/streams/{stream}",
        data=body,
        headers={"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"},
    )
    while True:
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return json.load(answer)["seq"]
        except urllib.error.HTTPError as refused:
            if refused.code < 500 and refused.code != 429:
                sys.exit(f"refused: {refused.read().decode()}")
        except OSError:
            pass  # it is away, or restarting
        time.sleep(0.5)


count = int(sys.argv[1]) if len(sys.argv) > 1 else 10
pause = float(sys.argv[2]) if len(sys.argv) > 2 else 0
for number in range(count):
    seq = publish("room:readings", "measured", {"number": number, "celsius": round(random.gauss(20, 2), 1)})
    print(f"reading {number} is event {seq}")
    time.sleep(pause)
