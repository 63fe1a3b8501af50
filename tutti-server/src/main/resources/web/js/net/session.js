// The person who is signed in, kept so by renewing the credentials before they run out.

import * as api from "./api.js";

const SHARE_OF_LIFE = 2 / 3;
const SOONEST_MS = 2_000;
const WRONG_CLOCK_MS = 5 * 60_000;
const LONGEST_TIMER_MS = 2 ** 31 - 1;
const RETRY_MS = 3_000;
const USER_KEY = "tutti.user";
const ACCESS_KEY = "tutti.access-until"; // remembered: not every load of the page takes a renewal

/**
 * How long to wait before renewing what runs out at `expiresAt`. A clock that is wrong here must not make this a busy
 * loop: what seems to have run out already is renewed when the server says so, or after a while.
 */
export function renewAfterMs(expiresAt, now) {
  const life = Date.parse(expiresAt) - now;
  if (!(life > 0)) return WRONG_CLOCK_MS;
  return Math.min(Math.max(life * SHARE_OF_LIFE, SOONEST_MS), LONGEST_TIMER_MS);
}

/** Nobody is signed in: when somebody is again, in whichever tab, be it the same person as before, the others notice. */
export function forgetUser() {
  localStorage.removeItem(USER_KEY);
  localStorage.removeItem(ACCESS_KEY);
}

/** Calls entered() once, when somebody has signed in in another tab; gives what ends the waiting. */
export function enteredElsewhere(entered) {
  const waiting = new AbortController();
  const onStorage = ({ key, newValue }) => {
    if (key !== USER_KEY || newValue === null) return;
    waiting.abort();
    entered();
  };
  addEventListener("storage", onStorage, { signal: waiting.signal });
  return () => waiting.abort();
}

export class Session {
  #timer = 0;
  #closed = false;
  #told;
  #onStorage = (event) => {
    if (event.key === USER_KEY && event.newValue !== this.user) this.#told.replaced();
  };

  /** told: renewed(socketToken), ended() for good, replaced() when another tab has signed out or in as somebody else. */
  constructor(user, told) {
    this.user = user;
    this.#told = told;
    localStorage.setItem(USER_KEY, user);
    addEventListener("storage", this.#onStorage);
    const until = api.lastAccessUntil() ?? localStorage.getItem(ACCESS_KEY);
    if (until) this.#expiresAt(until);
    else this.#arm(SOONEST_MS);
  }

  /** Renews now, and gives the token that shows it to an open socket. Throws a Problem. */
  async renew() {
    const { expiresAt, socketToken } = await api.renew();
    this.#expiresAt(expiresAt);
    return socketToken;
  }

  #expiresAt(at) {
    localStorage.setItem(ACCESS_KEY, at);
    this.#arm(renewAfterMs(at, Date.now()));
  }

  #arm(ms) {
    clearTimeout(this.#timer);
    if (!this.#closed) this.#timer = setTimeout(() => this.#due(), ms);
  }

  async #due() {
    try {
      const socketToken = await this.renew();
      if (!this.#closed) this.#told.renewed(socketToken);
    } catch (problem) {
      if (this.#closed) return;
      if (problem.credentials) this.#told.ended();
      else this.#arm(problem.retryAfterMs ?? RETRY_MS);
    }
  }

  /** Ends it everywhere, in other tabs of this browser too. */
  async signOut() {
    await api.logout().catch((problem) => {
      if (!problem.credentials) throw problem;
    });
    this.close();
    forgetUser();
  }

  /** It has ended, for all tabs. */
  ended() {
    if (localStorage.getItem(USER_KEY) === this.user) forgetUser();
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#timer);
    removeEventListener("storage", this.#onStorage);
  }
}
