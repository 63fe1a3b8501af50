// Messages that the server has not acknowledged, kept in the browser so that a reload or a crash loses none. Each has an id
// of its own; the server takes the same id once, so sending again after a lost answer is safe, from any tab.

const RETRY_MS = 1_000;

export class Outbox {
  #prefix;
  #send;
  #changed;
  #sending = false;
  #timer = 0;
  #latest = 0;

  /** send(message) resolves with the acknowledgement or rejects with an ApiError; changed() is told of every change. */
  constructor(user, send, changed) {
    this.#prefix = `tutti.outbox.${user}.`;
    this.#send = send;
    this.#changed = changed;
    addEventListener("storage", this.#onStorage);
  }

  #onStorage = (event) => {
    if (event.key?.startsWith(this.#prefix)) this.#changed();
  };

  /** All that wait, oldest first; a refused one has `refused`, the reason. Each is an entry of its own: tabs share them. */
  all() {
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(this.#prefix))
      .map((key) => JSON.parse(localStorage.getItem(key)))
      .filter((message) => message !== null)
      .sort((a, b) => a.at.localeCompare(b.at));
  }

  of(conversation) {
    return this.all().filter((message) => message.conversation === conversation);
  }

  add(conversation, text) {
    this.#latest = Math.max(Date.now(), this.#latest + 1); // the order is that of time, so no two have the same
    this.#keep({ id: crypto.randomUUID?.() ?? randomId(), conversation, text, at: new Date(this.#latest).toISOString() });
    this.flush();
  }

  /** Takes one out: it was seen in the feed, or is no longer wanted. */
  remove(id) {
    localStorage.removeItem(this.#prefix + id);
    this.#changed();
  }

  retry(id) {
    const message = this.#find(id);
    if (message) this.#keep({ ...message, refused: undefined });
    this.flush();
  }

  /** Sends what waits, one after the other, so that order is kept. */
  async flush() {
    clearTimeout(this.#timer);
    const next = this.all().find((message) => !message.refused);
    if (this.#sending || !next) return;
    this.#sending = true;
    try {
      await this.#send(next);
      this.remove(next.id);
    } catch (error) {
      if (!error.final) {
        this.#timer = setTimeout(() => this.flush(), error.retryAfterMs ?? RETRY_MS);
        return;
      }
      if (this.#find(next.id)) this.#keep({ ...next, refused: error.message });
    } finally {
      this.#sending = false;
    }
    this.flush();
  }

  #find(id) {
    return JSON.parse(localStorage.getItem(this.#prefix + id));
  }

  #keep(message) {
    localStorage.setItem(this.#prefix + message.id, JSON.stringify(message));
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
