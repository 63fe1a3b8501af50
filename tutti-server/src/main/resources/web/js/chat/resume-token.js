// The token that says what was seen of the streams that are followed, put together as docs/websocket.md describes.

export class ResumeToken {
  #position;
  #marks = new Map();
  #recent = new Map();

  constructor(token) {
    this.#position = token;
  }

  event({ stream, seq }) {
    this.#marks.set(stream, seq);
    this.#recent.set(stream, seq);
  }

  /** The stream goes on behind `resume`, be that later or earlier than what was seen. */
  gap({ stream, resume }) {
    this.event({ stream, seq: resume });
  }

  /** A position may be a little older than the last events, so the marks since the one before are kept. */
  position(position) {
    this.#position = position;
    this.#marks = this.#recent;
    this.#recent = new Map();
  }

  toString() {
    return [this.#position, ...[...this.#marks].map(([stream, seq]) => `${stream}@${seq}`)].join("~");
  }
}
