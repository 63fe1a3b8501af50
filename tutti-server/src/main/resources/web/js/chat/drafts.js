// Texts that somebody has begun to write, by conversation, for as long as the tab is open. Each entry is under the person's own id: the next
// one who signs in in this tab may be in the same conversation.

const ALL = "tutti.draft.";

export class Drafts {
  #prefix;
  #storage;

  /** Those of `user`; what somebody else has left here goes. `storage` is sessionStorage, or the like. */
  constructor(user, storage) {
    this.#prefix = `${ALL}${user}.`;
    this.#storage = storage;
    this.#remove((key) => key.startsWith(ALL) && !key.startsWith(this.#prefix));
  }

  of(conversation) {
    return this.#storage.getItem(this.#prefix + conversation) ?? "";
  }

  put(conversation, text) {
    try {
      this.#storage.setItem(this.#prefix + conversation, text);
    } catch {
      // the browser's store is full: this draft lives as long as it is shown
    }
  }

  remove(conversation) {
    this.#storage.removeItem(this.#prefix + conversation);
  }

  clear() {
    this.#remove((key) => key.startsWith(this.#prefix));
  }

  #remove(unwanted) {
    const keys = Array.from({ length: this.#storage.length }, (_, i) => this.#storage.key(i));
    for (const key of keys.filter(unwanted)) this.#storage.removeItem(key);
  }
}
