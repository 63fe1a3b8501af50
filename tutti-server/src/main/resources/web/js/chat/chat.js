// One person's chat: what is known, what comes, and what one may do. The views ask this, and are told when it changed.

import { io } from "../../vendor/socket.io-client/4.8.4/socket.io.esm.min.js";
import * as api from "../net/api.js";
import { Connection } from "../net/connection.js";
import * as chatState from "./chat-state.js";
import { Drafts } from "./drafts.js";
import { Loading } from "./loading.js";
import { insert } from "./messages.js";
import { Outbox } from "./outbox.js";
import { Presence } from "./presence.js";
import { partnersOf } from "./questions.js";
import { Reading } from "./reading.js";
import { Typing } from "./typing.js";

const KEPT_MESSAGES = 100;
const KEPT_VIEWED_MESSAGES = 500; // more than one scrolls back in a moment
const RETRY_MS = 2_000;
const RETRY_AT_MOST_MS = 60_000;
const CONVERSATION = "conversation:";
const INBOX = "user:";

export class Chat {
  state;
  status = "connecting";
  instance = null; // the one that the socket is connected to
  alone = true; // whether it is the only one
  drafts;
  #session;
  #told;
  #connection;
  #loading;
  #reading;
  #outbox;
  #typing;
  #presence;
  #viewed = null; // {id, follows()} of the conversation that one looks at
  #inviters = []; // who are to be told of when their invitations were loaded
  #closed = false;
  #onStorage = (event) => this.#outbox.changedElsewhere(event.key, event.newValue);

  /**
   * `overview` is the answer of GET /api/chat. told: changed(), status(), moved(instance) when another
   * instance serves it from now on, said(conversation, message) by somebody else,
   * left(conversation, unsent), invited(user) by somebody who wants to talk, ended() when one is signed out.
   */
  constructor(overview, session, told) {
    this.#session = session;
    this.#told = told;
    this.drafts = new Drafts(overview.me.id, sessionStorage);
    const changed = () => told.changed();
    this.#typing = new Typing({
      changed,
      tell: (conversation) => this.#connection.tell("typing", { conversation }),
    });
    this.#presence = new Presence({
      changed,
      ask: (users) => this.#connection.ask("presence:watch", { users }),
    });
    this.#outbox = new Outbox(overview.me.id, {
      storage: localStorage,
      send: (message) => this.#deliver(message),
      changed,
    });
    addEventListener("storage", this.#onStorage);
    this.#adopt(overview);
    this.#connection = new Connection(io, overview.token, {
      event: (event) => this.#onEvent(event),
      gap: (gap) => this.#onGap(gap),
      typing: ({ conversation, user }) => this.#typing.begins(conversation, user),
      presence: (news) => this.#presence.heard(news),
      status: (status) => this.#onStatus(status),
      instance: (id, before, others) => this.#onInstance(id, before, others),
      lost: () => this.#startAnew(),
      renew: () => session.renew(),
      ended: () => told.ended(),
    });
  }

  #adopt(overview) {
    this.#loading?.close();
    this.#reading?.close();
    this.state = chatState.stateOf(overview);
    this.#loading = new Loading(this.state, {
      done: (todo) => this.#do(todo),
      changed: () => {
        this.#watch();
        this.#told.changed();
      },
    });
    this.#reading = new Reading(this.state, {
      tell: (conversation, seq) => this.#connection.ask("conversation:read", { conversation, seq }),
      changed: () => this.#told.changed(),
    });
  }

  /** The server does not know the resume token: everything is loaded, and followed from there. */
  async #startAnew() {
    try {
      const overview = await api.overview();
      if (this.#closed) return;
      this.#adopt(overview);
      this.#connection.follow(overview.token);
      this.#told.changed();
    } catch (problem) {
      if (problem.credentials) this.#told.ended();
      else setTimeout(() => this.#closed || this.#startAnew(), problem.retryAfterMs ?? RETRY_MS);
    }
  }

  // what comes

  #onStatus(status) {
    this.status = status;
    if (status === "live") {
      this.#watch();
      this.#outbox.flush();
    } else {
      this.#presence.forget();
    }
    this.#told.status();
  }

  #watch() {
    if (this.status === "live") this.#presence.watch(partnersOf(this.state, this.#viewed?.id));
  }

  #onInstance(id, before, others) {
    this.instance = id;
    this.alone = others === 0;
    if (before !== null && before !== id) this.#told.moved(id);
    this.#told.changed();
  }

  #onEvent(event) {
    const todo = chatState.apply(this.state, event);
    if (todo) this.#do(todo);
    if (event.stream.startsWith(CONVERSATION)) this.#keepShort(event.stream.slice(CONVERSATION.length));
    this.#watch();
    this.#told.changed();
  }

  /**
   * The latest of a conversation are enough, however long this page is open: few if nobody looks at it, and more if somebody
   * watches what comes. One who has gone up in it keeps all that is there.
   */
  #keepShort(id) {
    const conversation = this.state.conversations.get(id);
    const viewed = this.#viewed?.id === id;
    const kept = viewed ? KEPT_VIEWED_MESSAGES : KEPT_MESSAGES;
    if (!conversation || chatState.lengthOf(conversation) <= 2 * kept) return;
    if (!viewed || this.#viewed.follows()) chatState.trim(conversation, kept);
  }

  /** A gap in the inbox may hide conversations that one is in by now. */
  #onGap({ stream }) {
    if (stream.startsWith(CONVERSATION)) this.#do(chatState.expect(this.state, stream.slice(CONVERSATION.length)));
    else if (stream.startsWith(INBOX)) this.#startAnew();
  }

  #do(todo) {
    if (todo?.load) this.#loading.conversation(todo.load, todo.since);
    if (todo?.left) this.#told.left(todo.left, this.#outbox.removeAllOf(todo.left.id));
    if (todo?.said) this.#onSaid(todo.conversation, todo.said);
    if (todo?.invitedBy) this.#onInvited(todo.invitedBy);
  }

  /** The invitation is shown with what the other one said. Those that come while invitations are loaded are in the next answer. */
  #onInvited(user) {
    this.#inviters.push(user);
    if (this.#inviters.length === 1) this.#loadInvitations();
  }

  async #loadInvitations(attempt = 0) {
    const { state } = this;
    const count = this.#inviters.length;
    try {
      const { invitations, users } = await api.invitations();
      if (this.#closed) return;
      const told = this.#inviters.splice(0, count);
      if (state === this.state) {
        Object.assign(state.users, users);
        state.invitations = new Map(invitations.map((invitation) => [invitation.id, invitation]));
        for (const user of told) this.#told.invited(user);
        this.#told.changed();
      }
      if (this.#inviters.length) this.#loadInvitations();
    } catch (problem) {
      if (problem.final || problem.credentials) this.#inviters = [];
      else setTimeout(() => this.#closed || this.#loadInvitations(attempt + 1), problem.retryAfterMs ?? Math.min(RETRY_MS * 2 ** attempt, RETRY_AT_MOST_MS));
    }
  }

  #onSaid(conversation, message) {
    this.#typing.ends(conversation.id, message.sender);
    if (message.sender === this.state.me.id) {
      if (message.id) this.#outbox.remove(message.id);
      return;
    }
    this.#loading.name(conversation, message);
    this.#told.said(conversation, message);
  }

  // what one does; what throws throws a Problem

  /** More of the history, for a view that asks whenever it could show more. */
  more(conversation) {
    return this.#loading.more(conversation);
  }

  /** The message at seq, which another one answers, as far as it is known. */
  quoted(conversation, seq) {
    return this.#loading.quoted(conversation, seq);
  }

  /** Loads the history back to a message, unless that is too far back. */
  historyUntil(conversation, seq) {
    return this.#loading.until(conversation, seq);
  }

  /** Makes a conversation and takes it into the list. Gives its id. */
  async create(wish) {
    return this.#enter(await api.create(wish));
  }

  /** Talks with somebody who wants to. Gives the conversation's id. */
  async accept(id) {
    return this.#enter(await api.accept(id));
  }

  /** Does not; they are not told. */
  async decline(id) {
    await api.decline(id);
    this.state.invitations.delete(id);
    this.#told.changed();
  }

  /** Joins an open group. Gives its id. */
  async join(id) {
    await api.join(id);
    return this.#enter(await api.conversation(id));
  }

  /** Joins the group of an invitation link. Gives its id. */
  async joinByLink(token) {
    return this.#enter(await api.joinByGroupLink(token));
  }

  #enter(conversation) {
    this.#do(chatState.enter(this.state, conversation, new Date().toISOString()));
    this.#watch();
    this.#told.changed();
    return conversation.id;
  }

  /** Notes that somebody looks at a conversation; follows() says whether at its end, where earlier messages may be forgotten. */
  enterView(id, follows) {
    this.#viewed = { id, follows };
    this.#watch();
  }

  /** Notes that nobody looks at it any more. */
  leaveView(id) {
    this.#viewed = null;
    const conversation = this.state.conversations.get(id);
    if (conversation) chatState.trim(conversation, KEPT_MESSAGES);
  }

  /** Sends {text, attachments, replyTo: seq}. False if too much waits to be sent already. */
  send(conversation, content) {
    this.#typing.sent();
    return this.#outbox.add(conversation, content);
  }

  async #deliver({ conversation, id, text, attachments = [], replyTo = null }) {
    const files = attachments.length ? attachments.map((attachment) => attachment.id) : undefined;
    const { seq, at } = await this.#connection.ask("message:send", { conversation, id, text, attachments: files, replyTo: replyTo ?? undefined });
    const known = this.state.conversations.get(conversation);
    if (known?.loaded) {
      insert(known, { seq, id, sender: this.state.me.id, text, at, editedAt: null, deleted: false, attachments, reactions: [], replyTo });
    }
  }

  waiting = (conversation) => this.#outbox.of(conversation);
  unsent = () => this.#outbox.all().length;
  retry = (id) => this.#outbox.retry(id);
  discard = (id) => this.#outbox.remove(id);

  edit(conversation, seq, text) {
    return this.#connection.ask("message:edit", { conversation, seq, text });
  }

  remove(conversation, seq) {
    return this.#connection.ask("message:delete", { conversation, seq });
  }

  /** Adds one's reaction to a message, or takes it back if it is there. */
  react(conversation, seq, emoji) {
    const message = this.state.conversations.get(conversation)?.messages.find((each) => each.seq === seq);
    const own = message?.reactions?.some((reaction) => reaction.emoji === emoji && reaction.own);
    return this.#connection.ask(own ? "reaction:remove" : "reaction:add", { conversation, seq, emoji });
  }

  seen(conversation) {
    if (this.#connection?.connected) this.#reading.seen(conversation);
  }

  typed = (conversation) => this.#typing.typed(conversation);
  isOnline = (user) => this.#presence.isOnline(user);
  lastSeen = (user) => this.#presence.lastSeen(user);
  whoTypes = (conversation) => this.#typing.in(conversation);

  renewed(socketToken) {
    this.#connection.renewed(socketToken);
  }

  /** Signs out; what was not sent is dropped, and what was begun. */
  async signOut() {
    await this.#session.signOut();
    this.forget();
  }

  /** Drops what was not sent, and what was begun. */
  forget() {
    this.#outbox.clear();
    this.drafts.clear();
  }

  close() {
    this.#closed = true;
    removeEventListener("storage", this.#onStorage);
    this.#connection.close();
    this.#session.close();
    this.#loading.close();
    this.#reading.close();
    this.#outbox.close();
    this.#typing.close();
    this.#presence.close();
  }
}
