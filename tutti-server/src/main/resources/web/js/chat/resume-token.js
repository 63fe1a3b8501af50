// The token that says what was seen of the feed, put together as docs/websocket.md describes.

export class ResumeToken {
  #token;
  #recent = "";

  constructor(token) {
    this.#token = token;
  }

  event({ stream, seq }) {
    const mark = `~${stream}@${seq}`;
    this.#token += mark;
    this.#recent += mark;
  }

  /** A position may be a little older than the last events, so the marks since the one before are kept. */
  position(position) {
    this.#token = position + this.#recent;
    this.#recent = "";
  }

  toString() {
    return this.#token;
  }
}
