// Messages that the server has not acknowledged, kept in the browser so that a reload or a crash loses none. Each has an id
// of its own; the server takes the same id once, so sending again after a lost answer is safe, from any tab.

const RETRY_MS = 1_000;

export class Outbox {
  #key;
  #send;
  #changed;
  #sending = null;
  #timer = 0;

  /** send(message) resolves with the acknowledgement or rejects with an ApiError; changed() is told of every change. */
  constructor(user, send, changed) {
    this.#key = `tutti.outbox.${user}`;
    this.#send = send;
    this.#changed = changed;
    addEventListener("storage", this.#onStorage);
  }

  #onStorage = (event) => {
    if (event.key === this.#key) this.#changed();
  };

  /** All that wait, oldest first; a refused one has `refused`, the reason. */
  all() {
    try {
      return JSON.parse(localStorage.getItem(this.#key)) ?? [];
    } catch {
      return [];
    }
  }

  of(conversation) {
    return this.all().filter((message) => message.conversation === conversation);
  }

  add(conversation, text) {
    const message = { id: crypto.randomUUID?.() ?? randomId(), conversation, text, at: new Date().toISOString() };
    this.#write([...this.all(), message]);
    this.flush();
  }

  /** Takes one out: it was seen in the feed, or is no longer wanted. */
  remove(id) {
    const all = this.all();
    if (all.some((message) => message.id === id)) this.#write(all.filter((message) => message.id !== id));
  }

  retry(id) {
    this.#write(this.all().map((message) => (message.id === id ? { ...message, refused: undefined } : message)));
    this.flush();
  }

  /** Sends what waits, one after the other, so that order is kept. */
  async flush() {
    clearTimeout(this.#timer);
    if (this.#sending) return;
    const next = this.all().find((message) => !message.refused);
    if (!next) return;
    this.#sending = next.id;
    try {
      await this.#send(next);
      this.remove(next.id);
    } catch (error) {
      if (!error.final) {
        // also when it is unreachable: an answer that did not come in time does not end the connection
        this.#timer = setTimeout(() => this.flush(), error.retryAfterMs ?? RETRY_MS);
        return;
      }
      const refused = error.message;
      this.#write(this.all().map((message) => (message.id === next.id ? { ...message, refused } : message)));
    } finally {
      this.#sending = null;
    }
    this.flush();
  }

  #write(messages) {
    localStorage.setItem(this.#key, JSON.stringify(messages));
    this.#changed();
  }

  close() {
    clearTimeout(this.#timer);
    removeEventListener("storage", this.#onStorage);
  }
}

/** crypto.randomUUID exists in secure contexts only. */
function randomId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
