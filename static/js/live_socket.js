/* <live-socket src data-after>: follows a page's socket, and says how fresh the page is.
 *
 * Nothing is polled. Steps are checked against the last known one; what is missing is asked for again by connecting with
 * our own `after`. A server that says nothing for longer than its heartbeat allows is taken for gone: a socket that was
 * cut without a word (a sleeping laptop, a lost network, a proxy that forgot) never tells.
 * Messages of kinds that are not known here are for other scripts: they hear "live:<kind>" on the document.
 */
(() => {
  'use strict';
  const FIRST_WAIT = 250;
  const GROWTH = 1.6;
  const LONGEST_WAIT = 10_000;
  const FIRST_WORD_WITHIN = 10_000;
  const BEATS_MISSED = 2.5;
  // A dashboard on this machine needs no network.
  const ON_THIS_MACHINE = /^(localhost|127\.[\d.]+|\[::1\])$/.test(location.hostname);
  const CUT = 1006;
  // Not final: sockets that a sleep or a lost network has killed count until the server misses them.
  const TOO_MANY = 4429;
  const TOO_MANY_ATTEMPT = 6;
  const FINAL = {
    1000: 'Ended',
    4401: 'Signed out. Reload to sign in again',
    4403: 'Not allowed any more',
    4404: 'Not there any more',
  };
  const TEXT = {
    live: 'Live',
    connecting: 'Connecting…',
    retrying: 'Connection lost, retrying…',
    offline: 'Offline, retrying…',
    crowded: 'Too many open pages: close some. Retrying…',
  };

  const age = (milliseconds) => {
    const seconds = Math.max(0, Math.round(milliseconds / 1000));
    if (seconds < 100) return `${seconds} s`;
    return seconds < 6000 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
  };

  class LiveSocket extends HTMLElement {
    #socket = null;
    #last = 0;
    #attempt = 0;
    #greeted = false;
    #crowded = false;
    #final = '';
    #heardAt = Date.now();
    #silence = FIRST_WORD_WITHIN;
    #deadline = 0;
    #retry = 0;
    #ticker = 0;
    #listeners = null;

    connectedCallback() {
      this.#last = Number(this.dataset.after) || 0;
      this.#listeners = new AbortController();
      const { signal } = this.#listeners;
      // The network has changed. Whether the server can still be reached is tried, not believed: it may be on this machine.
      addEventListener('online', () => this.#reopen(), { signal });
      addEventListener('offline', () => this.#reopen(), { signal });
      addEventListener('pagehide', () => this.#close(), { signal });
      addEventListener('pageshow', (event) => event.persisted && this.#reopen(), { signal });
      document.addEventListener('visibilitychange', () => this.#look(), { signal });
      document.addEventListener('resume', () => this.#look(), { signal });
      this.#ticker = setInterval(() => this.#tick(), 1000);
      this.#open();
    }

    disconnectedCallback() {
      clearInterval(this.#ticker);
      this.#listeners.abort();
      this.#close();
    }

    #open() {
      if (this.#final || this.#socket) return;
      clearTimeout(this.#retry);
      const url = new URL(this.getAttribute('src'), location.href);
      url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
      url.searchParams.set('after', this.#last);
      const socket = new WebSocket(url);
      this.#socket = socket;
      this.#greeted = false;
      this.#silence = FIRST_WORD_WITHIN;
      this.#deadline = Date.now() + FIRST_WORD_WITHIN;
      socket.onmessage = ({ data }) => socket === this.#socket && this.#receive(JSON.parse(data));
      socket.onclose = ({ code }) => socket === this.#socket && this.#closed(code);
    }

    /** Lets go of the socket without hearing from it again. */
    #close({ stuck = false } = {}) {
      clearTimeout(this.#retry);
      const socket = this.#socket;
      this.#socket = null;
      // Closed while it connects, it would be complained about in the console. One that is stuck must go: the browser opens
      // sockets to a server one after the other.
      if (!stuck && socket?.readyState === WebSocket.CONNECTING) socket.addEventListener('open', () => socket.close());
      else socket?.close();
      this.dataset.live = 'off';
    }

    #reopen() {
      this.#close({ stuck: Date.now() > this.#deadline });
      this.#attempt = 0;
      this.#open();
      this.#show();
    }

    #receive(message) {
      if (message.kind === 'hello' && message.beat) this.#silence = BEATS_MISSED * 1000 * message.beat;
      this.#deadline = Date.now() + this.#silence;
      // A server that only greets may be unable to read what there is to tell.
      if (message.kind === 'hello') {
        this.#greeted = true;
        return;
      }
      if (message.kind === 'steps' && !this.#steps(message)) return;
      this.#heardAt = Date.now();
      this.#crowded = false;
      this.dataset.live = 'on';
      this.#attempt = 0;
      if (message.kind === 'state') window.fragments.putState(message.fragments);
      else if (message.kind === 'end') this.#end(FINAL[1000]);
      else if (message.kind !== 'steps') document.dispatchEvent(new CustomEvent(`live:${message.kind}`, { detail: message }));
      this.#show();
    }

    /** False when something before them is missing: they will come again. */
    #steps({ from, to, html }) {
      if (to <= this.#last) return true;
      if (from > this.#last + 1) {
        this.#again();
        return false;
      }
      window.fragments.putSteps(html);
      this.#last = to;
      this.dataset.after = to;
      return true;
    }

    #closed(code) {
      this.#socket = null;
      this.dataset.live = 'off';
      // The server was there, and the line was cut: that is new trouble, not more of the old.
      if (this.#greeted && code === CUT) this.#attempt = 0;
      this.#crowded = code === TOO_MANY;
      if (this.#crowded) this.#attempt = Math.max(this.#attempt, TOO_MANY_ATTEMPT);
      if (code in FINAL) this.#end(FINAL[code]);
      else this.#later();
      this.#show();
    }

    #end(text) {
      this.#final = text;
      this.#close();
    }

    #again() {
      this.#close({ stuck: true });
      this.#later();
      this.#show();
    }

    #later() {
      const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * GROWTH ** this.#attempt) * (0.5 + Math.random() / 2);
      this.#attempt += 1;
      this.#retry = setTimeout(() => this.#open(), wait);
    }

    /** Somebody looks again: not the moment to wait for the next try. */
    #look() {
      if (document.visibilityState !== 'visible' || this.#final) return;
      if (!this.#socket || Date.now() > this.#deadline) this.#reopen();
    }

    #tick() {
      // Also after a sleep: the clock went on, and nothing was heard.
      if (this.#socket && Date.now() > this.#deadline) this.#again();
      else if (this.dataset.live === 'off') this.#show();
    }

    #show() {
      const state = this.#state();
      const text = (this.#crowded && TEXT.crowded) || (TEXT[state] ?? this.#final);
      this.dataset.state = state;
      const label = this.querySelector('.live-text');
      if (label && label.textContent !== text) label.textContent = text;
      const shown = this.querySelector('.live-age');
      const stale = state === 'retrying' || state === 'offline';
      if (shown) shown.textContent = stale ? `last update ${age(Date.now() - this.#heardAt)} ago` : '';
    }

    #state() {
      if (this.#final) return this.#final === FINAL[1000] ? 'ended' : 'refused';
      if (this.dataset.live === 'on') return 'live';
      if (!navigator.onLine && !ON_THIS_MACHINE) return 'offline';
      return this.#attempt > 0 ? 'retrying' : 'connecting';
    }
  }

  customElements.define('live-socket', LiveSocket);
})();
