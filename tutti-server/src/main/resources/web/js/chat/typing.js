// The people who are typing, and where: told by others, forgotten after a moment; and telling others, now and then.

const SHOWN_MS = 4_000;
const TOLD_EVERY_MS = 2_500;

export class Typing {
  #timers = new Map(); // conversation -> user -> timer
  #changed;
  #tell;
  #told = { conversation: null, at: 0 };

  /** changed() when somebody begins or ends; tell(conversation) tells others that one types. */
  constructor({ changed, tell }) {
    this.#changed = changed;
    this.#tell = tell;
  }

  begins(conversation, user) {
    const users = this.#timers.get(conversation) ?? new Map();
    this.#timers.set(conversation, users);
    clearTimeout(users.get(user));
    users.set(user, setTimeout(() => this.ends(conversation, user), SHOWN_MS));
    this.#changed();
  }

  ends(conversation, user) {
    const users = this.#timers.get(conversation);
    if (!users?.has(user)) return;
    clearTimeout(users.get(user));
    users.delete(user);
    if (users.size === 0) this.#timers.delete(conversation);
    this.#changed();
  }

  /** The ids of those who type. */
  in(conversation) {
    return [...(this.#timers.get(conversation)?.keys() ?? [])];
  }

  /** One typed something. */
  typed(conversation) {
    const now = Date.now();
    if (this.#told.conversation === conversation && now - this.#told.at < TOLD_EVERY_MS) return;
    this.#told = { conversation, at: now };
    this.#tell(conversation);
  }

  /** One sent it: what is typed next is told at once. */
  sent() {
    this.#told = { conversation: null, at: 0 };
  }

  close() {
    for (const users of this.#timers.values()) for (const timer of users.values()) clearTimeout(timer);
    this.#timers.clear();
  }
}
