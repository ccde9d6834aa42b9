/* <live-socket src data-after>: follows a run from the last step the page shows, and says how fresh the page is.
 *
 * Nothing is polled. Every message that changes the page is checked against the last known step; what is missing is
 * asked for again by connecting with our own `after`.
 */
(() => {
  'use strict';
  const FIRST_WAIT = 300;
  const LONGEST_WAIT = 10_000;
  const SLEPT = 15_000;
  const FINAL = { 1000: 'Ended', 4401: 'Signed out. Reload to sign in again', 4403: 'Not allowed any more', 4404: 'Not there any more' };

  class LiveSocket extends HTMLElement {
    #socket = null;
    #last = 0;
    #attempt = 0;
    #gap = false;
    #final = false;
    #heardAt = Date.now();
    #tickedAt = Date.now();
    #retry = 0;
    #ticker = 0;
    #listeners = null;

    connectedCallback() {
      this.#last = Number(this.dataset.after) || 0;
      this.#listeners = new AbortController();
      const { signal } = this.#listeners;
      addEventListener('online', () => this.#reopen(), { signal });
      addEventListener('offline', () => this.#lost(), { signal });
      addEventListener('pagehide', () => this.#close(), { signal });
      addEventListener('pageshow', (event) => event.persisted && this.#reopen(), { signal });
      document.addEventListener('visibilitychange', () => this.#look(), { signal });
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
      socket.onmessage = ({ data }) => socket === this.#socket && this.#receive(JSON.parse(data));
      socket.onclose = ({ code }) => socket === this.#socket && this.#closed(code);
    }

    /** Lets go of the socket without hearing from it again. */
    #close() {
      clearTimeout(this.#retry);
      const socket = this.#socket;
      this.#socket = null;
      socket?.close();
      this.dataset.live = 'off';
    }

    #reopen() {
      this.#close();
      this.#attempt = 0;
      this.#open();
      this.#show();
    }

    #receive(message) {
      this.#heardAt = Date.now();
      this.dataset.live = 'on';
      if (message.kind === 'steps') this.#steps(message);
      else if (message.kind === 'state') window.fragments.putState(message.fragments);
      else if (message.kind === 'end') this.#end(FINAL[1000]);
      if (!this.#gap) this.#attempt = 0;
      this.#show();
    }

    #steps({ from, to, html }) {
      if (to <= this.#last) return;
      if (from > this.#last + 1) {
        this.#gap = true;
        this.#close();
        this.#later();
        return;
      }
      this.#gap = false;
      window.fragments.putSteps(html);
      this.#last = to;
      this.dataset.after = to;
    }

    #closed(code) {
      this.#socket = null;
      this.dataset.live = 'off';
      if (code in FINAL) this.#end(FINAL[code]);
      else this.#later();
      this.#show();
    }

    #end(text) {
      this.#final = text;
      this.#close();
    }

    #later() {
      const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.#attempt) * (0.5 + Math.random() / 2);
      this.#attempt += 1;
      this.#retry = setTimeout(() => this.#open(), wait);
    }

    #lost() {
      this.#close();
      this.#show();
    }

    #look() {
      if (document.visibilityState === 'visible' && !this.#socket) this.#reopen();
    }

    #tick() {
      // A long pause between two ticks is a sleeping machine or a frozen tab: the socket may be dead without knowing it.
      const slept = Date.now() - this.#tickedAt > SLEPT && document.visibilityState === 'visible';
      this.#tickedAt = Date.now();
      if (slept && !this.#final) this.#reopen();
      else if (this.dataset.live === 'off') this.#show();
    }

    #show() {
      const state = this.#state();
      const text = { live: 'Live', connecting: 'Connecting…', retrying: 'Reconnecting…', offline: 'Offline' }[state] ?? this.#final;
      this.dataset.state = state;
      const label = this.querySelector('.live-text');
      if (label && label.textContent !== text) label.textContent = text;
      const age = this.querySelector('.live-age');
      const stale = state === 'retrying' || state === 'offline';
      if (age) age.textContent = stale ? `last update ${Math.round((Date.now() - this.#heardAt) / 1000)} s ago` : '';
    }

    #state() {
      if (this.#final) return this.#final === FINAL[1000] ? 'ended' : 'refused';
      if (this.dataset.live === 'on') return 'live';
      if (!navigator.onLine) return 'offline';
      return this.#attempt > 0 ? 'retrying' : 'connecting';
    }
  }

  customElements.define('live-socket', LiveSocket);
})();
