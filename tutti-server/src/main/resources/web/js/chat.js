// One person's session: the state, the connection and the outbox, and what the page may do with them.

import * as api from "./api.js";
import { Connection } from "./connection.js";
import { Outbox } from "./outbox.js";
import * as feed from "./feed.js";

const TYPING_SHOWN_MS = 4_000;
const TYPING_TOLD_MS = 2_500;
const RETRY_MS = 2_000;

export class Chat {
  state;
  status = "connecting";
  typing = new Map(); // conversation -> Map of user -> time-out
  #connection;
  #outbox;
  #listeners;
  #toldTyping = 0;
  #loading = new Map(); // conversation -> events that came while it is being fetched

  /** listeners: changed(), said(conversation, message), signedOut() */
  static async open(session, listeners) {
    const answer = await api.chat();
    return new Chat(answer, session.expiresAt, listeners);
  }

  constructor(answer, expiresAt, listeners) {
    this.state = feed.stateOf(answer);
    this.#listeners = listeners;
    this.#outbox = new Outbox(answer.me.id, (message) => this.#deliver(message), () => listeners.changed());
    this.#connection = new Connection(answer.token, expiresAt, {
      event: (event) => this.#onEvent(event),
      gap: (gap) => this.#onGap(gap),
      typing: (typing) => this.#onTyping(typing),
      state: (status) => this.#onStatus(status),
      lost: () => this.#startAnew(),
      signedOut: () => listeners.signedOut(),
    });
  }

  #startAnew() {
    location.reload(); // the state is the server's; what was not sent is in the outbox
  }

  // what comes

  #onStatus(status) {
    this.status = status;
    if (status === "live") this.#outbox.flush();
    this.#listeners.changed();
  }

  #onEvent(event) {
    const early = this.#loading.get(feed.conversationOf(event));
    if (early) {
      early.push(event);
      return;
    }
    const todo = feed.apply(this.state, event);
    if (todo?.load) this.load(todo.load);
    if (todo?.left) this.state.conversations.delete(todo.left);
    if (todo?.message) this.#onMessage(todo);
    this.#listeners.changed();
  }

  #onMessage({ conversation, message }) {
    this.typing.get(conversation.id)?.delete(message.sender);
    if (message.sender === this.state.me.id) {
      if (message.id) this.#outbox.remove(message.id);
    } else {
      if (!this.state.users[message.sender]) this.#learn(conversation.id);
      this.#listeners.said(conversation, message);
    }
  }

  #onGap({ stream }) {
    if (stream.startsWith("conversation:")) this.load(stream.slice("conversation:".length));
  }

  #onTyping({ conversation, user }) {
    const typing = this.typing.get(conversation) ?? new Map();
    this.typing.set(conversation, typing);
    clearTimeout(typing.get(user));
    typing.set(user, setTimeout(() => {
      typing.delete(user);
      this.#listeners.changed();
    }, TYPING_SHOWN_MS));
    this.#listeners.changed();
  }

  /** Fetches a conversation anew, with its latest messages if any had been loaded. What happens in it meanwhile waits. */
  async load(id) {
    if (this.#loading.has(id)) return null;
    this.#loading.set(id, []);
    let fresh = null;
    try {
      const known = this.state.conversations.get(id);
      fresh = feed.opened(await api.conversation(id));
      for (const member of fresh.members) this.state.users[member.id] = member;
      fresh.reads = known?.reads ?? {};
      this.state.conversations.set(id, fresh);
      if (known?.loaded) await this.history(fresh);
    } catch (error) {
      if (error.code === "not_found") this.state.conversations.delete(id);
      else setTimeout(() => this.load(id), RETRY_MS);
    }
    const early = this.#loading.get(id);
    this.#loading.delete(id);
    for (const event of early) this.#onEvent(event);
    this.#listeners.changed();
    return fresh;
  }

  async #learn(id) {
    try {
      for (const { user } of (await api.members(id)).members) this.state.users[user.id] = user;
      this.#listeners.changed();
    } catch {
      // the name stays unknown until the next message
    }
  }

  // what one does

  /** Loads the page of history before what is there. */
  async history(conversation) {
    if (conversation.loading || !conversation.more) return;
    conversation.loading = true;
    try {
      feed.addHistory(this.state, conversation, await api.history(conversation.id, conversation.before));
      const others = await (conversation.readsKnown ? [] : this.#reads(conversation));
      for (const [user, seq] of others) feed.markRead(this.state, conversation, user, seq);
      conversation.readsKnown = true;
    } catch (error) {
      conversation.failed = error.message;
    } finally {
      conversation.loading = false;
      this.#listeners.changed();
    }
  }

  async #reads(conversation) {
    if (conversation.memberCount > 100) return [];
    const { members } = await api.members(conversation.id);
    for (const { user } of members) this.state.users[user.id] = user;
    return members.filter(({ user }) => user.id !== this.state.me.id).map(({ user, readSeq }) => [user.id, readSeq]);
  }

  send(conversation, text) {
    this.#outbox.add(conversation, text);
  }

  pending(conversation) {
    return this.#outbox.of(conversation);
  }

  retry(id) {
    this.#outbox.retry(id);
  }

  discard(id) {
    this.#outbox.remove(id);
  }

  async #deliver({ conversation, id, text }) {
    const { seq, at } = await this.#connection.ask("message:send", { conversation, id, text });
    const known = this.state.conversations.get(conversation);
    if (known?.loaded) {
      feed.insert(known, { seq, id, sender: this.state.me.id, text, at, editedAt: null, deleted: false });
    }
  }

  edit(conversation, seq, text) {
    return this.#connection.ask("message:edit", { conversation, seq, text });
  }

  remove(conversation, seq) {
    return this.#connection.ask("message:delete", { conversation, seq });
  }

  /** Says that one has seen everything in it. */
  async read(conversation) {
    const seq = conversation.lastMessage?.seq ?? 0;
    if (seq <= conversation.readSeq || conversation.telling >= seq || !this.#connection.live) return;
    conversation.telling = seq;
    try {
      await this.#connection.ask("conversation:read", { conversation: conversation.id, seq });
      feed.markRead(this.state, conversation, this.state.me.id, seq);
      this.#listeners.changed();
    } catch {
      conversation.telling = 0; // said again with the next look
    }
  }

  tellTyping(conversation) {
    if (Date.now() - this.#toldTyping > TYPING_TOLD_MS) {
      this.#toldTyping = Date.now();
      this.#connection.tell("typing", { conversation });
    }
  }

  whoTypes(conversation) {
    return [...(this.typing.get(conversation)?.keys() ?? [])].map((user) => this.nameOf(user));
  }

  nameOf(user) {
    return this.state.users[user]?.displayName ?? "Somebody";
  }

  close() {
    this.#connection.close();
    this.#outbox.close();
  }
}
