#!/usr/bin/env python3
"""Publishes readings, each with a key of its own: sent again when an answer is lost, it is still there once.

    TUTTI_KEY=$(./tutti key create readings 'publish:room:readings') python3 examples/backend/publish.py 100 0.5
"""
import json
import os
import random
import sys
import time
import urllib.error
import urllib.request
import uuid


def publish(stream, kind, data):
    """Appends one event, and answers its place in the stream; repeats until the server says that it has it."""
    request = urllib.request.Request(
        f"{os.environ.get('TUTTI_URL', 'http://localhost:3000')}/api/streams/{stream}",
        data=json.dumps({"type": kind, "data": data, "key": str(uuid.uuid4())}).encode(),
        headers={"Authorization": f"Bearer {os.environ['TUTTI_KEY']}", "Content-Type": "application/json"},
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
