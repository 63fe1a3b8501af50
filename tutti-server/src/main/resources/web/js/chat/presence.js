// The people one talks with: which of them are online, and when the others were last.

const MOST_WATCHED = 200;
const AGAIN_MS = 60_000;

export class Presence {
  #online = new Set();
  #lastSeen = new Map();
  #watched = "";
  #news = new Map(); // heard since the question that is under way
  #ask;
  #changed;
  #timer;

  /** ask(users): a promise of who is online of them; changed() when somebody comes or goes. */
  constructor({ ask, changed }) {
    this.#ask = ask;
    this.#changed = changed;
    // what is told of people may get lost on a slow connection
    this.#timer = setInterval(() => this.#watched && this.#look(this.#watched.split(",")), AGAIN_MS);
    this.#timer.unref?.();
  }

  isOnline = (user) => this.#online.has(user);
  lastSeen = (user) => this.#lastSeen.get(user);

  /** Watches these; asks anew only if they are others than before. */
  async watch(users) {
    const wanted = users.slice(0, MOST_WATCHED).sort();
    if (this.#watched === wanted.join()) return;
    this.#watched = wanted.join();
    await this.#look(wanted);
  }

  /** News that was heard after the question is newer than the answer, or comes again. */
  async #look(wanted) {
    const news = new Map();
    this.#news = news;
    try {
      const { online, lastSeen } = await this.#ask(wanted);
      if (this.#news !== news) return; // asked again meanwhile
      this.#online = new Set(online);
      this.#lastSeen = new Map(Object.entries(lastSeen));
      for (const told of news.values()) this.#note(told);
      this.#changed();
    } catch {
      if (this.#news === news) this.#watched = ""; // with the next connection, or the next change
    }
  }

  /** Without a connection nobody tells who goes: so nobody is known to be online. */
  forget() {
    this.#watched = "";
    this.#news = new Map();
    this.#online.clear();
  }

  /** Somebody who is watched came or went. */
  heard(told) {
    this.#news.set(told.user, told);
    this.#note(told);
    this.#changed();
  }

  #note({ user, online, lastSeen }) {
    if (online) this.#online.add(user);
    else this.#online.delete(user);
    if (lastSeen) this.#lastSeen.set(user, lastSeen);
  }

  close() {
    clearInterval(this.#timer);
  }
}
