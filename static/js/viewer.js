/* The live picture on a page: its states, why there is none, and how it comes back.
 *
 * Our own viewer tells what it shows; a remote one is silent, and counts as live when it has loaded. Nothing is polled: the
 * address is asked for again only after something went wrong, less and less often, and only while the page is looked at.
 */
(() => {
  'use strict';
  const FIRST_WAIT = 1000;
  const LONGEST_WAIT = 30_000;
  const LOADS_WITHIN = 15_000;
  const SPEAKS_WITHIN = 6000;
  const RECONNECTS_WITHIN = 4000;
  const LONGEST_TEXT = 500;
  const TITLES = {
    starting: 'Starting the browser…',
    connecting: 'Connecting to the live picture…',
    renewing: 'Renewing the live picture…',
    none: 'No live picture',
    blocked: 'The live picture was blocked',
    blank: 'The live picture stays blank',
    away: 'The dashboard does not answer',
  };

  const FAILED = new Set(['none', 'blocked', 'blank', 'away']);

  let attempt = 0;
  let again = 0;
  let patience = 0;
  let renewedAt = 0;

  const slot = () => document.getElementById('viewer-slot');
  const stage = () => slot()?.querySelector('.viewer-stage');
  const frame = () => slot()?.querySelector('.viewer-frame');
  const theme = () => document.documentElement.dataset.bsTheme;
  const isLooked = () => document.visibilityState === 'visible';

  const ask = () => {
    clearTimeout(again);
    again = 0;
    if (stage()) htmx.trigger(stage(), 'retry');
  };

  const askLater = () => {
    clearTimeout(again);
    const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** attempt) * (0.5 + Math.random() / 2);
    attempt += 1;
    again = setTimeout(() => isLooked() && ask(), wait);
  };

  /** The newest picture there is: of the steps on the page, else the one that came with the answer. */
  const newest = () => [...document.querySelectorAll('.step-shot')].at(-1)?.href ?? slot().querySelector('[data-viewer-last]')?.href;

  const showNewest = () => {
    const source = newest();
    let picture = slot().querySelector('.viewer-behind');
    if (!source) return;
    if (!picture) {
      picture = document.createElement('img');
      picture.className = 'viewer-picture viewer-behind';
      picture.alt = 'The page as it was last seen';
      slot().prepend(picture);
    }
    if (picture.src !== source) picture.src = source;
  };

  /** State and reason. Whatever is said comes from outside: text, and not too much of it. */
  const show = (state, text = '') => {
    if (!stage()) return;
    slot().dataset.viewer = state;
    if (state === 'live') {
      attempt = 0;
      clearTimeout(again);
      slot().querySelector('.viewer-behind')?.remove();
      return;
    }
    if (FAILED.has(state)) showNewest();
    slot().querySelector('[data-viewer-title]').textContent = TITLES[state];
    slot().querySelector('[data-viewer-text]').textContent = text.slice(0, LONGEST_TEXT);
  };

  const fail = (state, text, passing = true) => {
    clearTimeout(patience);
    show(state, text);
    if (passing) askLater();
  };

  const silent = () => {
    const origin = new URL(frame().src).origin;
    const cause = 'It may be out of reach from this computer, or something in this browser holds it back.';
    fail('blank', `The viewer at ${origin} shows nothing here. ${cause}`);
  };

  const swapped = (event) => {
    if (!event.target.closest?.('.viewer-stage')) return;
    clearTimeout(patience);
    const shown = frame();
    const reason = slot().querySelector('[data-viewer-reason]');
    const starting = reason?.dataset.viewerReason === 'starting';
    if (starting) {
      show('starting');
      askLater();
    } else if (shown) {
      // While it is tried again, the reason why it failed stays.
      if (!FAILED.has(slot().dataset.viewer)) show('connecting');
      patience = setTimeout(silent, shown.hasAttribute('data-speaks') ? SPEAKS_WITHIN : LOADS_WITHIN);
    } else if (reason) {
      fail('none', reason.textContent, reason.hasAttribute('data-again'));
    }
    document.dispatchEvent(new CustomEvent('viewer:asked', { detail: { driving: shown?.hasAttribute('data-drives') ?? false } }));
  };

  const loaded = ({ target }) => {
    if (target !== frame() || target.hasAttribute('data-speaks')) return;
    clearTimeout(patience);
    show('live');
  };

  const renew = () => {
    if (Date.now() - renewedAt < FIRST_WAIT * 5) {
      fail('none', 'The link to the live picture was refused.');
      return;
    }
    renewedAt = Date.now();
    show('renewing');
    ask();
  };

  const HEARD = {
    live: () => {
      clearTimeout(patience);
      show('live');
    },
    waiting: () => {
      // It tries by itself; if that does not help soon, the server knows why.
      clearTimeout(patience);
      patience = setTimeout(ask, slot().dataset.viewer === 'live' ? RECONNECTS_WITHIN : SPEAKS_WITHIN);
    },
    blank: (text) => fail('blank', text, false),
    expired: renew,
    ended: (text) => fail('none', text, false),
  };

  /** Only what our own viewer says, in its sandbox, whose origin is "null"; a hostile one could do no more than look dead. */
  const heard = ({ source, origin, data }) => {
    const shown = frame();
    if (!shown?.hasAttribute('data-speaks') || source !== shown.contentWindow || origin !== 'null') return;
    if (data?.source !== 'notte-viewer') return;
    if (data.type === 'state' && Object.hasOwn(HEARD, data.state)) HEARD[data.state](String(data.text ?? ''));
    else if (data.type === 'page') told(String(data.url ?? ''));
    else if (data.type === 'control' && data.held === false && data.reason === 'expired') renew();
  };

  const told = (url) => {
    const output = document.getElementById('location');
    if (output && url) output.textContent = url.slice(0, LONGEST_TEXT);
  };

  const dress = () => {
    const shown = frame();
    if (shown?.hasAttribute('data-speaks')) shown.contentWindow.postMessage({ type: 'theme', theme: theme() }, '*');
    else if (shown) ask();
  };

  const returned = () => {
    if (isLooked() && stage() && FAILED.has(slot().dataset.viewer) && attempt > 0) ask();
  };

  const isOurs = (event) => event.target.closest?.('.viewer-stage');

  const shape = () => {
    // Of the part that is pushed: at the start the size of the browser is not known yet.
    const { width, height } = document.getElementById('driver')?.dataset ?? {};
    // By the object model: a style attribute would be against the page's content policy.
    if (!(width > 0 && height > 0)) return;
    const [style, ratio] = [document.querySelector('.viewer-panel').style, `${width} / ${height}`];
    if (style.getPropertyValue('--viewer-ratio') !== ratio) style.setProperty('--viewer-ratio', ratio);
  };

  addEventListener('DOMContentLoaded', () => {
    shape();
    new MutationObserver(dress).observe(document.documentElement, { attributeFilter: ['data-bs-theme'] });
  });
  addEventListener('message', heard);
  addEventListener('online', returned);
  document.addEventListener('visibilitychange', returned);
  document.addEventListener('load', loaded, true); // "load" of a frame does not bubble, but can be caught on the way down
  document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
    if (effectiveDirective !== 'frame-src') return;
    fail('blocked', `This page's policy does not allow to frame ${blockedURI}. NOTTE_VIEWER_ORIGINS names who may be framed.`, false);
  });
  document.addEventListener('htmx:config:request', ({ detail: { ctx } }) => {
    if (!ctx.sourceElement.matches?.('.viewer-stage')) return;
    ctx.request.body.set('theme', theme());
    if (window.viewer.drive) ctx.request.body.set('drive', window.viewer.drive);
  });
  document.addEventListener('htmx:after:swap', swapped);
  document.addEventListener('htmx:error', (event) => isOurs(event) && fail('away', 'It is asked again by itself.'));
  document.addEventListener('htmx:response:error', (event) => {
    const status = event.detail.ctx.response?.status;
    if (isOurs(event) && status >= 500) fail('away', `It answered with an error (${status}). It is asked again by itself.`);
  });
  document.addEventListener('live:changed', () => {
    shape();
    const active = document.querySelector('#status[data-state="active"]');
    if (again && active && slot()?.dataset.viewer === 'starting') ask();
    if (stage() && FAILED.has(slot().dataset.viewer)) showNewest();
  });
  document.addEventListener('click', (event) => {
    if (!event.target.closest('[data-viewer-retry]')) return;
    attempt = 0;
    show('connecting');
    ask();
  });

  window.viewer = { ask, slot, frame, drive: '' };
})();
