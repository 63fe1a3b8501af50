// Everything that can go wrong between this page and the server, with what to do about it.

const CREDENTIALS = new Set(["unauthenticated", "token_expired", "session_revoked"]);

/** An error that the server told, or one of the two below. */
export class Problem extends Error {
  constructor({ code = "internal", number = 0, message = "Something went wrong.", retryAfterMs } = {}) {
    super(message);
    this.name = "Problem";
    this.code = code;
    this.number = number;
    this.retryAfterMs = retryAfterMs;
  }

  /** Whether who one is must be shown anew. */
  get credentials() {
    return CREDENTIALS.has(this.code);
  }

  /** Whether the same request can only be refused again. */
  get final() {
    return this.number >= 4200 && !this.credentials;
  }

  /** Whether it holds for so long that somebody has to be told: for good, or until the next day. */
  get lasting() {
    return this.final || this.code === "quota_exceeded";
  }
}

/** The server was not reached, or not in a way that makes sense: what was asked may or may not have been done. */
export const unreachable = () => new Problem({ code: "unreachable", message: "The server cannot be reached at the moment." });

/** There was a connection and no answer in time: what was asked may or may not have been done. */
export const unanswered = () => new Problem({ code: "unanswered", message: "The server did not answer in time." });
