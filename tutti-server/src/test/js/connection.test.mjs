// The socket's part: the resume token, and what is done about each way to lose the connection.

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { ResumeToken } from "../../main/resources/web/js/chat/resume-token.js";
import { Connection } from "../../main/resources/web/js/net/connection.js";
import { Problem } from "../../main/resources/web/js/net/problem.js";

/** A Socket.IO client without a network. */
class FakeSocket {
  connected = false;
  active = true;
  asked = [];
  connects = 0;
  answers = {};
  #handlers = new Map();

  on(name, handler) {
    this.#handlers.set(name, handler);
  }

  fire(name, ...values) {
    if (name === "connect") this.connected = true;
    if (name === "disconnect") this.connected = false;
    return this.#handlers.get(name)(...values);
  }

  timeout() {
    return this;
  }

  async emitWithAck(name, body) {
    this.asked.push([name, body]);
    return this.answers[name] ?? { ok: true };
  }

  connect() {
    this.connects++;
    return this;
  }

  disconnect() {
    this.connected = false;
    return this;
  }
}

function connection(renew = async () => {}) {
  const socket = new FakeSocket();
  const told = [];
  const tell = (name) => (value) => told.push(value === undefined ? name : `${name} ${JSON.stringify(value)}`);
  const handlers = Object.fromEntries(["event", "gap", "typing", "status", "lost", "ended"].map((name) => [name, tell(name)]));
  const it = new Connection(() => socket, "T", { ...handlers, instance: (id, before) => told.push(`instance ${before} ${id}`), renew });
  return { it, socket, told };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));
const refused = (code, number) => ({ error: { code, number, message: code } });

test("a token is the last position and what came since the one before", () => {
  const token = new ResumeToken("p0");
  token.event({ stream: "s:1", seq: 4 });
  assert.equal(token.toString(), "p0~s:1@4");
  token.position("p1");
  assert.equal(token.toString(), "p1~s:1@4");
  token.event({ stream: "s:2", seq: 1 });
  token.position("p2");
  assert.equal(token.toString(), "p2~s:2@1");
  token.position("p3");
  assert.equal(token.toString(), "p3");
});

test("it follows with what it has seen, and is live when it has caught up", async () => {
  const { socket, told } = connection();
  await socket.fire("connect");
  socket.fire("event", { stream: "s:1", seq: 1 });
  socket.fire("position", "p1");
  socket.fire("disconnect", "transport close");
  await socket.fire("connect");
  assert.deepEqual(socket.asked.map(([, { token }]) => token), ["T", "p1~s:1@1"]);
  assert.deepEqual(told.filter((each) => each.startsWith("status")), [
    'status "catching-up"', 'status "live"', 'status "connecting"', 'status "catching-up"',
  ]);
});

test("it is live once, however many positions come", async () => {
  const { socket, told } = connection();
  await socket.fire("connect");
  for (const position of ["p1", "p2", "p3"]) socket.fire("position", position);
  assert.deepEqual(told.filter((each) => each.startsWith("status")), ['status "catching-up"', 'status "live"']);
});

test("it tells which instance it is connected to, and which one it was before", async () => {
  const { socket, told } = connection();
  await socket.fire("connect");
  socket.fire("instance", { id: "worker-1" });
  socket.fire("disconnect", "transport close");
  await socket.fire("connect");
  socket.fire("instance", { id: "worker-2" });
  assert.deepEqual(told.filter((each) => each.startsWith("instance")), ["instance null worker-1", "instance worker-1 worker-2"]);
});

test("a token that is not accepted is lost, and another is followed", async () => {
  const { it, socket, told } = connection();
  socket.answers.follow = refused("bad_request", 4200);
  await socket.fire("connect");
  assert.ok(told.includes("lost"));
  socket.answers = {};
  it.follow("U");
  await settled();
  assert.deepEqual(socket.asked.at(-1), ["follow", { token: "U" }]);
});

test("a server that cannot answer for now is asked again", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { socket, told } = connection();
  socket.answers.follow = { error: { code: "unavailable", number: 4101, message: "", retryAfterMs: 500 } };
  await socket.fire("connect");
  mock.timers.tick(500);
  mock.timers.reset();
  assert.equal(socket.connects, 1);
  assert.ok(!told.includes("lost"));
});

test("what was to bring it back is forgotten when it is back", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { socket } = connection();
  socket.answers.follow = { error: { code: "unavailable", number: 4101, message: "", retryAfterMs: 5_000 } };
  await socket.fire("connect");
  socket.answers = {};
  socket.fire("disconnect", "transport close");
  await socket.fire("connect");
  mock.timers.tick(60_000);
  mock.timers.reset();
  assert.equal(socket.connects, 0);
  assert.ok(socket.connected);
});

test("a closed one does not come back because its last question is not answered", async () => {
  const { it, socket } = connection();
  await socket.fire("connect");
  socket.emitWithAck = async () => Promise.reject(new Error("timeout"));
  const renewed = it.renewed("fresh");
  it.close();
  await renewed;
  assert.equal(socket.connects, 0);
});

test("refused credentials are renewed, and then it connects", async () => {
  const { socket, told } = connection();
  socket.fire("connect_error", { data: { code: "token_expired", number: 4207, message: "" } });
  await settled();
  assert.equal(socket.connects, 1);
  assert.ok(!told.includes("ended"));
});

test("fresh credentials that are refused again do not make a busy loop", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { socket } = connection();
  for (let i = 0; i < 5; i++) {
    socket.fire("connect_error", { data: { code: "unauthenticated", number: 4201, message: "" } });
    await settled();
  }
  assert.equal(socket.connects, 1);
  mock.timers.tick(20_000);
  mock.timers.reset();
  assert.equal(socket.connects, 2);
});

test("a session that has ended is over", async () => {
  const { socket, told } = connection(async () => Promise.reject(new Problem({ code: "session_revoked", number: 4211 })));
  socket.fire("connect_error", { data: { code: "unauthenticated", number: 4201, message: "" } });
  await settled();
  assert.ok(told.includes("ended"));
  assert.equal(socket.connects, 0);
});

test("it comes back after the server sent it away, but not after it was closed", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { it, socket } = connection();
  await socket.fire("connect");
  socket.fire("disconnect", "io server disconnect");
  mock.timers.tick(1_000);
  assert.equal(socket.connects, 1);
  it.close();
  socket.fire("disconnect", "io server disconnect");
  mock.timers.tick(60_000);
  mock.timers.reset();
  assert.equal(socket.connects, 1);
});

test("an open socket is shown fresh credentials, and comes back with them if it does not take them", async () => {
  const { it, socket } = connection();
  await socket.fire("connect");
  await it.renewed("S");
  assert.deepEqual(socket.asked.at(-1), ["auth:renew", { token: "S" }]);
  assert.equal(socket.connects, 0);
  socket.answers["auth:renew"] = refused("forbidden", 4202);
  await it.renewed("S");
  assert.equal(socket.connects, 1);
});

test("what cannot be asked is a problem that says so", async () => {
  const { it, socket } = connection();
  await assert.rejects(it.ask("message:send", {}), { code: "unreachable" });
  await socket.fire("connect");
  socket.answers["message:send"] = refused("not_found", 4203);
  await assert.rejects(it.ask("message:send", {}), { code: "not_found", final: true });
});
