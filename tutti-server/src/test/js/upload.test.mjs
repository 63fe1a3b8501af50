// Files that are sent to the server, with credentials that may have run out while one chose them.

import assert from "node:assert/strict";
import { afterEach, mock, test } from "node:test";
import { upload } from "../../main/resources/web/js/net/upload.js";

const EXPIRED = { status: 401, responseText: '{"error": {"code": "token_expired", "number": 4207, "message": "expired"}}' };
const REVOKED = { status: 401, responseText: '{"error": {"code": "session_revoked", "number": 4211, "message": "ended"}}' };
const TAKEN = { status: 201, responseText: '{"id": "f", "name": "a.png", "bytes": 3, "type": "image/png"}' };
const FILE = { name: "a.png" };

/** A server that gives these answers, one to each request. */
function server(...answers) {
  const asked = [];
  globalThis.XMLHttpRequest = class extends EventTarget {
    upload = new EventTarget();

    open(method, path) {
      asked.push(`${method} ${path}`);
    }

    send(body) {
      assert.equal(body, FILE);
      Object.assign(this, answers.shift());
      queueMicrotask(() => this.dispatchEvent(new Event("load")));
    }

    abort() {}
  };
  mock.method(globalThis, "fetch", async (path) => {
    asked.push(path);
    return new Response('{"user": {}, "expiresAt": "2026-01-01T00:00:00Z", "socketToken": "t"}', { status: 200 });
  });
  return asked;
}

const sent = (signal = new AbortController().signal) => upload(FILE, { progress: () => {}, signal });

afterEach(() => mock.restoreAll());

test("credentials that have run out are renewed, and the file is sent again", async () => {
  const asked = server(EXPIRED, TAKEN);
  assert.deepEqual(await sent(), { id: "f", name: "a.png", bytes: 3, type: "image/png" });
  assert.deepEqual(asked, ["POST /api/files?name=a.png", "/api/auth/refresh", "POST /api/files?name=a.png"]);
});

test("they are renewed once, and not at all when the session has ended", async () => {
  server(EXPIRED, EXPIRED);
  await assert.rejects(sent(), { code: "token_expired" });
  const asked = server(REVOKED);
  await assert.rejects(sent(), { code: "session_revoked" });
  assert.deepEqual(asked, ["POST /api/files?name=a.png"]);
});

test("a file that was taken out meanwhile is not sent again", async () => {
  const stop = new AbortController();
  const asked = server(EXPIRED, TAKEN);
  const sending = sent(stop.signal);
  queueMicrotask(() => stop.abort());
  await assert.rejects(sending, { code: "unreachable" });
  assert.deepEqual(asked, ["POST /api/files?name=a.png", "/api/auth/refresh"]);
});
