// Who of the people one talks with is online, and when the others were last.

const MOST_WATCHED = 200;

export class Presence {
  #online = new Set();
  #lastSeen = new Map();
  #watched = "";
  #ask;
  #changed;

  /** ask(users): a promise of who is online of them; changed() when somebody comes or goes. */
  constructor({ ask, changed }) {
    this.#ask = ask;
    this.#changed = changed;
  }

  isOnline = (user) => this.#online.has(user);
  lastSeen = (user) => this.#lastSeen.get(user);

  /** Watches these; asks anew only if they are others than before. */
  async watch(users) {
    const wanted = users.slice(0, MOST_WATCHED).sort();
    if (this.#watched === wanted.join()) return;
    this.#watched = wanted.join();
    try {
      const { online, lastSeen } = await this.#ask(wanted);
      this.#online = new Set(online);
      this.#lastSeen = new Map(Object.entries(lastSeen));
      this.#changed();
    } catch {
      this.#watched = ""; // with the next connection, or the next change
    }
  }

  /** The connection is new: the server does not know whom one watches. */
  forget() {
    this.#watched = "";
  }

  /** Somebody who is watched came or went. */
  heard({ user, online, lastSeen }) {
    if (online) this.#online.add(user);
    else this.#online.delete(user);
    if (lastSeen) this.#lastSeen.set(user, lastSeen);
    this.#changed();
  }
}
