// Fetches what no event brings: conversations, their history, who has read what, and unknown people's names.

import * as api from "../net/api.js";
import * as chatState from "./chat-state.js";
import { applyChange } from "./messages.js";

const RETRY_MS = 1_000;
const RETRY_AT_MOST_MS = 30_000;
const MOST_READERS = 100;
const MOST_QUOTES = 500;
const LARGE_PAGE = 200;
const MOST_PAGES = 25;

export class Loading {
  #state;
  #done;
  #changed;
  #timers = new Set();
  #asking = new Map(); // conversation, by identity: one that was loaded anew has none of it -> promise of its history
  #naming = new Set();
  #failures = new Map(); // conversation -> how often its history could not be had, one after the other
  #resting = new Set(); // conversations whose history is not asked for just now
  #closed = false;

  /** done(todo) gets what is to be done about events that waited; changed() is told of everything else. */
  constructor(state, { done, changed }) {
    this.#state = state;
    this.#done = done;
    this.#changed = changed;
  }

  /** Fetches a conversation that is `expect`ed, with its latest messages if any had been loaded; until it works. */
  async conversation(id, since = "", attempt = 0) {
    try {
      const fresh = chatState.opened(await api.conversation(id), since);
      if (this.#state.conversations.get(id)?.loaded) {
        chatState.addHistory(this.#state, fresh, await api.history(id));
      }
      if (this.#closed) return;
      for (const todo of chatState.arrived(this.#state, fresh)) this.#done(todo);
    } catch (problem) {
      if (this.#closed) return;
      if (problem.final) this.#done(chatState.gone(this.#state, id));
      else this.#again(() => this.conversation(id, since, attempt + 1), attempt, problem.retryAfterMs);
    }
    this.#changed();
  }

  /** The page of history before what is there. Callers at the same time share it. Throws a Problem. */
  history(conversation, limit) {
    if (!conversation.more) return Promise.resolve();
    if (!this.#asking.has(conversation)) {
      this.#asking.set(conversation, this.#page(conversation, limit).finally(() => this.#asking.delete(conversation)));
    }
    return this.#asking.get(conversation);
  }

  /**
   * As history, for a view that asks whenever it could show more: what fails is not asked for again before a while, and then
   * changed() is told. Until then a conversation of which nothing is loaded has the reason as `failed`. Throws a Problem.
   */
  async more(conversation) {
    const { id } = conversation;
    if (this.#resting.has(id)) return;
    try {
      await this.history(conversation);
      this.#failures.delete(id);
    } catch (problem) {
      if (!conversation.loaded) conversation.failed = problem.message;
      if (!this.#closed && !this.#resting.has(id)) this.#rest(id, problem);
      throw problem;
    }
  }

  #rest(id, problem) {
    const attempt = this.#failures.get(id) ?? 0;
    this.#failures.set(id, attempt + 1);
    this.#resting.add(id);
    this.#again(() => {
      this.#resting.delete(id);
      const conversation = this.#state.conversations.get(id);
      if (conversation) conversation.failed = null;
      this.#changed();
    }, attempt, problem.retryAfterMs);
  }

  /** The message at seq that another one answers; undefined if it is not known, or is from before one joined. */
  quoted(conversation, seq) {
    const loaded = conversation.messages.find((message) => message.seq === seq);
    if (loaded || conversation.quotes.has(seq)) return loaded ?? conversation.quotes.get(seq) ?? undefined;
    if (seq > (conversation.messages[0]?.seq ?? 0) || conversation.quotes.size >= MOST_QUOTES) return undefined;
    conversation.quotes.set(seq, null);
    this.#quote(conversation, seq);
    return undefined;
  }

  async #quote(conversation, seq) {
    try {
      const { messages: [message], users } = await api.history(conversation.id, seq + 1, 1);
      if (this.#closed || message?.seq !== seq) return;
      Object.assign(this.#state.users, users);
      const change = conversation.changes.get(seq); // it may have come before the answer
      if (change) applyChange(message, change);
      conversation.quotes.set(seq, message);
      this.#changed();
    } catch {
      conversation.quotes.delete(seq); // looked for again when it is shown again
    }
  }

  /** The history back to the message at seq, unless that is too far back. Throws a Problem. */
  async until(conversation, seq) {
    for (let page = 0; page < MOST_PAGES; page++) {
      if (conversation.loaded && (!conversation.more || conversation.messages[0]?.seq <= seq)) return;
      await this.history(conversation, LARGE_PAGE);
    }
  }

  /**
   * Pages without a message exist, where people only read and edited: the next one is asked for at once. A page that comes when
   * the messages behind it have been forgotten is dropped: there would be a hole. It is asked for by those who still look.
   */
  async #page(conversation, limit) {
    const { trims } = conversation;
    const first = !conversation.loaded;
    const had = conversation.messages.length;
    do {
      const page = await api.history(conversation.id, conversation.before, limit);
      if (this.#closed) return;
      if (conversation.trims !== trims) {
        this.#changed();
        return;
      }
      chatState.addHistory(this.#state, conversation, page);
    } while (conversation.more && conversation.messages.length === had);
    this.#changed();
    if (first) await this.#members(conversation);
  }

  /** Learns who has read what, and whether one owns the conversation. In a crowd nobody is told. */
  async #members(conversation) {
    if (conversation.memberCount > MOST_READERS) return;
    try {
      const { members } = await api.members(conversation.id);
      for (const { user, role, readSeq } of members) {
        this.#state.users[user.id] = user;
        if (user.id === this.#state.me.id) conversation.role = role;
        else chatState.markRead(this.#state, conversation, user.id, readSeq);
      }
      this.#changed();
    } catch {
      // receipts come as events all the same
    }
  }

  /** Finds out who sent a message. */
  async name(conversation, { seq, sender }) {
    if (this.#state.users[sender] || this.#naming.has(sender)) return;
    this.#naming.add(sender);
    try {
      Object.assign(this.#state.users, (await api.history(conversation.id, seq + 1, 1)).users);
      this.#changed();
    } catch {
      // tried again with their next message
    } finally {
      this.#naming.delete(sender);
    }
  }

  #again(task, attempt, afterMs) {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      task();
    }, afterMs ?? Math.min(RETRY_MS * 2 ** attempt, RETRY_AT_MOST_MS));
    this.#timers.add(timer);
  }

  close() {
    this.#closed = true;
    for (const timer of this.#timers) clearTimeout(timer);
  }
}
