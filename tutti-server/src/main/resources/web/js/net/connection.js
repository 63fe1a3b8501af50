// The socket: comes back by itself, follows from where it left off, and says how it stands.

import { ResumeToken } from "../chat/resume-token.js";
import { Problem, unanswered, unreachable } from "./problem.js";

const ANSWER_WITHIN_MS = 10_000;
const RETRY_MS = 1_000;
const RETRY_AT_MOST_MS = 15_000;

const OPTIONS = {
  transports: ["websocket", "polling"],
  tryAllTransports: true,
  reconnectionDelay: 250,
  reconnectionDelayMax: 4_000,
  timeout: 8_000,
};

/**
 * Handlers: event(e), gap(g), typing(t), presence(p), status("connecting" | "catching-up" | "live") when it
 * changes, instance(id, before, others) on each connect, with null before the first, lost() when the token is not accepted and `follow` must be called with another,
 * renew(): a promise of fresh credentials, ended() when there are none any more.
 */
export class Connection {
  #socket;
  #handlers;
  #token;
  #timer = 0;
  #attempts = 0;
  #instance = null;
  #status = null;
  #closed = false;

  constructor(io, token, handlers) {
    this.#handlers = handlers;
    this.#token = new ResumeToken(token);
    this.#socket = io(OPTIONS);
    this.#socket.on("connect", () => {
      clearTimeout(this.#timer); // it is back before what was to bring it back
      return this.#follow();
    });
    this.#socket.on("connect_error", (error) => this.#refused(error));
    this.#socket.on("disconnect", (reason) => this.#disconnected(reason));
    this.#socket.on("event", (event) => this.#onEvent(event));
    this.#socket.on("position", (position) => this.#onPosition(position));
    this.#socket.on("gap", (gap) => {
      this.#token.gap(gap);
      handlers.gap(gap);
    });
    this.#socket.on("typing", (typing) => handlers.typing(typing));
    this.#socket.on("presence", (news) => handlers.presence(news));
    this.#socket.on("instance", ({ id, others }) => this.#onInstance(id, others));
  }

  get connected() {
    return this.#socket.connected;
  }

  /** Asks the server and gives its answer. Throws a Problem. */
  async ask(name, body) {
    if (!this.#socket.connected) throw unreachable();
    let answer;
    try {
      answer = await this.#socket.timeout(ANSWER_WITHIN_MS).emitWithAck(name, body);
    } catch {
      throw this.#socket.connected ? unanswered() : unreachable();
    }
    if (answer?.error) throw new Problem(answer.error);
    return answer;
  }

  /** Says something that may be lost. */
  tell(name, body) {
    if (this.#socket.connected) this.#socket.volatile.emit(name, body);
  }

  /** Follows with another token, after `lost`. */
  follow(token) {
    this.#token = new ResumeToken(token);
    if (this.#socket.connected) this.#follow();
  }

  /** Shows the open socket fresh credentials; if it does not take them it comes back with the new cookies. */
  async renewed(token) {
    if (!this.#socket.connected) return;
    try {
      await this.ask("auth:renew", { token });
    } catch {
      if (!this.#closed) this.#socket.disconnect().connect();
    }
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#socket.disconnect();
  }

  async #follow() {
    this.#isNow("catching-up");
    try {
      await this.ask("follow", { token: this.#token.toString() });
      this.#attempts = 0;
    } catch (problem) {
      if (this.#closed || !this.#socket.connected) return;
      if (problem.final) this.#handlers.lost();
      else this.#later(() => this.#socket.disconnect().connect(), problem.retryAfterMs);
    }
  }

  #onInstance(id, others) {
    const before = this.#instance;
    this.#instance = id;
    this.#handlers.instance(id, before, others);
  }

  #onEvent(event) {
    this.#token.event(event);
    this.#handlers.event(event);
  }

  /** The first one after `follow` means that everything missed has come. */
  #onPosition(position) {
    this.#token.position(position);
    this.#isNow("live");
  }

  #isNow(status) {
    if (this.#status === status) return;
    this.#status = status;
    this.#handlers.status(status);
  }

  #refused(error) {
    this.#isNow("connecting");
    const problem = error.data?.code ? new Problem(error.data) : null;
    if (problem?.credentials) this.#renewAndConnect();
    else if (!this.#socket.active) this.#later(() => this.#socket.connect(), problem?.retryAfterMs);
  }

  #disconnected(reason) {
    if (this.#closed) return;
    this.#isNow("connecting");
    // after its other reasons the client comes back by itself; if the credentials are at an end the handshake says so
    if (reason === "io server disconnect") this.#later(() => this.#socket.connect());
  }

  async #renewAndConnect() {
    try {
      await this.#handlers.renew();
      if (this.#closed) return;
      if (this.#attempts++ === 0) this.#socket.connect();
      else this.#later(() => this.#socket.connect()); // fresh, and refused all the same: not in a busy loop
    } catch (problem) {
      if (this.#closed) return;
      if (problem.credentials) this.#handlers.ended();
      else this.#later(() => this.#renewAndConnect(), problem.retryAfterMs);
    }
  }

  /** After what the server asked for, or a pause that grows and differs from the other clients'. */
  #later(task, afterMs) {
    clearTimeout(this.#timer);
    const pause = Math.min(RETRY_MS * 2 ** this.#attempts++, RETRY_AT_MOST_MS) * (0.3 + 0.7 * Math.random());
    this.#timer = setTimeout(() => this.#closed || task(), afterMs ?? pause);
  }
}
