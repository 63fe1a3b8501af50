// The socket: follows the feed from where it was left, renews its credentials, and says how it stands.

import { io } from "../vendor/socket.io-client/4.8.4/socket.io.esm.min.js";
import { ApiError, refresh } from "./api.js";
import { ResumeToken } from "./feed.js";

const ANSWER_WITHIN_MS = 10_000;
const RENEW_BEFORE_MS = 60_000;
const LONGEST_TIMER_MS = 2_000_000_000;

/**
 * handlers: event(e), gap(g), typing(t), state("connecting" | "catching-up" | "live"), lost() when the token is no longer
 * valid and everything must be loaded anew, signedOut(), instance(name).
 */
export class Connection {
  #socket;
  #token;
  #handlers;
  #timer = 0;

  constructor(token, expiresAt, handlers) {
    this.#token = new ResumeToken(token);
    this.#handlers = handlers;
    this.#socket = io({ reconnectionDelay: 300, reconnectionDelayMax: 3_000, timeout: 8_000 });
    this.#socket.on("connect", () => this.#follow());
    this.#socket.on("connect_error", (error) => this.#refused(error));
    this.#socket.on("disconnect", (reason) => this.#disconnected(reason));
    this.#socket.on("event", (event) => {
      this.#token.event(event);
      handlers.event(event);
    });
    this.#socket.on("position", (position) => {
      this.#token.position(position);
      handlers.state("live");
    });
    this.#socket.on("gap", (gap) => handlers.gap(gap));
    this.#socket.on("typing", (typing) => handlers.typing(typing));
    this.#renewBefore(expiresAt);
  }

  get live() {
    return this.#socket.connected;
  }

  /** Asks the server, and gives its answer; an ApiError if there is none. */
  async ask(event, body) {
    if (!this.#socket.connected) throw unreachable();
    const answer = await this.#socket.timeout(ANSWER_WITHIN_MS).emitWithAck(event, body).catch(() => {
      throw unreachable();
    });
    if (answer?.error) throw new ApiError(answer.error);
    return answer;
  }

  /** Says something that may be lost. */
  tell(event, body) {
    if (this.#socket.connected) this.#socket.volatile.emit(event, body);
  }

  async #follow() {
    this.#handlers.state("catching-up");
    try {
      await this.ask("follow", { token: this.#token.toString() });
    } catch (error) {
      if (error.final) this.#handlers.lost();
      else if (this.#socket.connected) setTimeout(() => this.#socket.connected && this.#follow(), error.retryAfterMs ?? 1_000);
    }
  }

  async #refused(error) {
    this.#handlers.state("connecting");
    const code = error.data?.code;
    if (code === "unauthenticated" || code === "token_expired" || code === "session_revoked") await this.#renewAndConnect();
    else if (!this.#socket.active) setTimeout(() => this.#socket.connect(), error.data?.retryAfterMs ?? 1_500);
  }

  #disconnected(reason) {
    if (reason === "io client disconnect") return;
    this.#handlers.state("connecting");
    // the client comes back by itself unless the server asked it to go: then its credentials may be at an end
    if (reason === "io server disconnect") this.#renewAndConnect();
  }

  async #renewAndConnect() {
    try {
      const { expiresAt } = await refresh();
      this.#renewBefore(expiresAt);
      this.#socket.connect();
    } catch (error) {
      if (error.final) this.#handlers.signedOut();
      else setTimeout(() => this.#renewAndConnect(), error.retryAfterMs ?? 1_500);
    }
  }

  #renewBefore(expiresAt) {
    clearTimeout(this.#timer);
    const wait = Date.parse(expiresAt) - Date.now() - RENEW_BEFORE_MS;
    this.#timer = setTimeout(() => this.#renew(), Math.min(Math.max(wait, 5_000), LONGEST_TIMER_MS));
  }

  async #renew() {
    try {
      const { expiresAt, socketToken } = await refresh();
      this.#renewBefore(expiresAt);
      if (this.#socket.connected) await this.ask("auth:renew", { token: socketToken });
    } catch (error) {
      if (error.code === "session_revoked") this.#handlers.signedOut();
      else this.#timer = setTimeout(() => this.#renew(), 5_000);
    }
  }

  close() {
    clearTimeout(this.#timer);
    this.#socket.disconnect();
  }
}

function unreachable() {
  return new ApiError({ code: "unreachable", message: "The server cannot be reached." });
}
