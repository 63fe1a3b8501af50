// Messages that the server has not acknowledged. Each has an id of its own, and the server takes the same id once: so
// sending again after a lost answer is safe, from any tab. Each is an entry of its own in the browser's store, so that
// tabs do not overwrite one another's, and a reload or a crash loses none.

const RETRY_MS = 1_000;
const RETRY_AT_MOST_MS = 20_000;
const ELSEWHERE_MS = 5_000;

/** Messages that may wait. */
export const CAPACITY = 500;

export class Outbox {
  #prefix;
  #storage;
  #send;
  #changed;
  #entries = new Map();
  #sending = false;
  #attempts = 0;
  #timer = 0;
  #elsewhere = 0;
  #closed = false;

  /**
   * send(message) resolves when the server has it, or rejects with a Problem; changed() is told of every change. `storage`
   * is localStorage, or the like.
   */
  constructor(user, { storage, send, changed }) {
    this.#prefix = `tutti.outbox.${user}.`;
    this.#storage = storage;
    this.#send = send;
    this.#changed = changed;
    for (let i = 0; i < storage.length; i++) {
      const key = storage.key(i);
      if (key.startsWith(this.#prefix)) this.#take(storage.getItem(key));
    }
  }

  /** All that wait, oldest first; a refused one has `refused`, the reason. */
  all() {
    return [...this.#entries.values()].sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1));
  }

  of(conversation) {
    return this.all().filter((message) => message.conversation === conversation);
  }

  /** Takes a message of {text, attachments, replyTo} and sends it as soon as that can be done. False if too many wait already. */
  add(conversation, content) {
    if (this.#entries.size >= CAPACITY) return false;
    const now = Date.now();
    const order = this.all().reduce((latest, message) => Math.max(latest, message.order + 1), now);
    this.#put({ id: messageId(), conversation, ...content, at: new Date(now).toISOString(), order });
    this.flush();
    return true;
  }

  /** Takes one out: it was seen as an event, or is no longer wanted. */
  remove(id) {
    if (!this.#entries.delete(id)) return;
    this.#storage.removeItem(this.#prefix + id);
    this.#changed();
  }

  /** Takes out all of a conversation that is gone; how many there were. */
  removeAllOf(conversation) {
    const all = this.of(conversation);
    for (const { id } of all) this.remove(id);
    return all.length;
  }

  clear() {
    for (const { id } of this.all()) this.remove(id);
  }

  /** Sends a refused one again, behind those that wait. */
  retry(id) {
    const message = this.#entries.get(id);
    if (!message) return;
    this.#put({ ...message, refused: undefined });
    this.flush();
  }

  /** Another tab has changed its entry. */
  changedElsewhere(key, value) {
    if (!key?.startsWith(this.#prefix)) return;
    const id = key.slice(this.#prefix.length);
    if (value === null) this.#entries.delete(id);
    else this.#takeOver(value);
    this.#changed();
  }

  /** The other tab sends it, unless it has been closed meanwhile: then this one does. */
  #takeOver(value) {
    this.#take(value);
    if (this.#closed) return;
    this.#elsewhere ||= setTimeout(() => {
      this.#elsewhere = 0;
      this.flush();
    }, ELSEWHERE_MS);
  }

  /** Sends what waits, one after the other so that order is kept, until there is nothing or the server is away. */
  async flush() {
    clearTimeout(this.#timer);
    if (this.#sending || this.#closed) return;
    this.#sending = true;
    try {
      for (let next = this.#next(); next && !this.#closed; next = this.#next()) {
        await this.#sendOne(next);
      }
    } catch (problem) {
      this.#later(problem);
    } finally {
      this.#sending = false;
    }
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#elsewhere);
  }

  #next() {
    return this.all().find((message) => !message.refused);
  }

  async #sendOne(message) {
    try {
      await this.#send(message);
      this.#attempts = 0;
      this.remove(message.id);
    } catch (problem) {
      if (!problem.lasting) throw problem;
      if (this.#entries.has(message.id)) this.#put({ ...message, refused: problem.message });
    }
  }

  /** A message that was refused for now, or not answered, is sent again; sooner if the connection is back before. */
  #later(problem) {
    if (this.#closed) return;
    const pause = Math.min(RETRY_MS * 2 ** this.#attempts++, RETRY_AT_MOST_MS);
    this.#timer = setTimeout(() => this.flush(), problem.retryAfterMs ?? pause);
  }

  #put(message) {
    this.#entries.set(message.id, message);
    try {
      this.#storage.setItem(this.#prefix + message.id, JSON.stringify(message));
    } catch {
      // the browser's store is full: this message lives as long as the tab
    }
    this.#changed();
  }

  #take(value) {
    try {
      const message = JSON.parse(value);
      if (typeof message?.id === "string") this.#entries.set(message.id, message);
    } catch {
      // not something that was put here
    }
  }
}

/** 32 random hexadecimal digits; crypto.randomUUID exists in secure contexts only. */
export function messageId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
