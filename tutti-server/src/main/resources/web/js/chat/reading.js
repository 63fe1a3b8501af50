// Tells the server how far one has read: soon, not at every message, and again if it could not be told.

import { markRead } from "./chat-state.js";

const PAUSE_MS = 300;

export class Reading {
  #state;
  #tell;
  #changed;
  #timers = new Map(); // conversation -> timer

  /** tell(conversation, seq) resolves when the server knows. */
  constructor(state, { tell, changed }) {
    this.#state = state;
    this.#tell = tell;
    this.#changed = changed;
  }

  /** One has seen all that is there. */
  seen(conversation) {
    if (conversation.unread === 0 || this.#timers.has(conversation.id)) return;
    const timer = setTimeout(() => this.#say(conversation.id), PAUSE_MS);
    this.#timers.set(conversation.id, timer);
  }

  async #say(id) {
    const conversation = this.#state.conversations.get(id);
    const seq = conversation?.lastMessage?.seq;
    try {
      if (!seq) return;
      await this.#tell(id, seq);
      markRead(this.#state, conversation, this.#state.me.id, seq);
      this.#changed();
    } catch {
      // it stays unread, and so is told with the next look
    } finally {
      this.#timers.delete(id);
    }
  }

  close() {
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }
}
