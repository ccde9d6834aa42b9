/* Taking the wheel of a browser and giving it back; full screen; a window of its own.
 *
 * Who drives comes from the server, in the pushed fragment #driver. This page only remembers which drive is its own, keeps it
 * while it is open, and gives it back when it is left.
 */
(() => {
  'use strict';
  const KEEP_EVERY = 10_000;
  let keeping = 0;

  const driver = () => document.getElementById('driver');
  const panel = () => document.querySelector('.viewer-panel');
  const token = () => document.querySelector('#confirm [name=csrfmiddlewaretoken]').value;
  const address = (name) => driver().querySelector(`[data-${name}]`)?.getAttribute(`data-${name}`);

  const body = (more = {}) => {
    const form = new FormData();
    const fields = { csrfmiddlewaretoken: token(), drive: window.viewer.drive, ...more };
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    return form;
  };

  const say = (text, tone) => document.dispatchEvent(new CustomEvent('toast', { detail: { text, tone } }));

  const show = () => {
    if (panel()) panel().dataset.driving = window.viewer.drive && driver()?.dataset.drive === window.viewer.drive ? 'me' : 'no';
  };

  /** From now on this page only watches. */
  const stop = () => {
    clearInterval(keeping);
    window.viewer.drive = '';
    show();
    window.viewer.ask();
  };

  const keep = async () => {
    const url = address('keep-drive');
    if (!url) return;
    try {
      const answer = await fetch(url, { method: 'POST', body: body(), redirect: 'manual' });
      if (answer.status !== 204 && answer.status < 500 && window.viewer.drive) stop();
    } catch {
      // The server is away for a moment: the lease outlives two of these.
    }
  };

  const taken = ({ detail }) => {
    window.viewer.drive = String(detail.drive);
    clearInterval(keeping);
    keeping = setInterval(keep, KEEP_EVERY);
    show();
    window.viewer.ask();
  };

  const giveBack = async (button) => {
    button.classList.add('btn-loading');
    try {
      await fetch(button.dataset.giveBack, { method: 'POST', body: body() });
    } catch {
      say('The server did not answer. The wheel is given back by itself in half a minute.', 'error');
    }
    stop();
  };

  /** The server says who drives now. */
  const changed = () => {
    if (!driver()) return;
    const mine = window.viewer.drive;
    if (mine && driver().dataset.drive && driver().dataset.drive !== mine) {
      say(`${driver().querySelector('strong')?.textContent ?? 'Somebody'} drives the browser now. You can go on watching.`);
      stop();
    } else if (mine && !driver().dataset.drive && panel().dataset.driving === 'me') {
      stop();
    }
    show();
  };

  const left = () => {
    const url = window.viewer.drive && address('give-back');
    if (url) navigator.sendBeacon(url, body({ left: 'yes' }));
    window.viewer.drive = '';
  };

  const toFullScreen = () => (document.fullscreenElement ? document.exitFullscreen() : panel().requestFullscreen());

  const openWindow = (event, link) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    open(link.href, link.target, 'popup,width=1120,height=760,noopener');
  };

  document.addEventListener('drive-taken', taken);
  document.addEventListener('live:changed', changed);
  addEventListener('pagehide', left);
  addEventListener('DOMContentLoaded', () => {
    const button = document.querySelector('[data-full-screen]');
    if (button) button.hidden = !document.fullscreenEnabled;
  });
  document.addEventListener('click', (event) => {
    const take = event.target.closest('[data-take-over]');
    const back = event.target.closest('[data-give-back]');
    const own = event.target.closest('[data-own-window]');
    if (take) htmx.ajax('POST', take.dataset.takeOver, { source: take, swap: 'none' });
    if (back) giveBack(back);
    if (own) openWindow(event, own);
    if (event.target.closest('[data-full-screen]')) toFullScreen();
  });
  document.addEventListener('viewer:asked', ({ detail }) => {
    // Asked as the driver, answered as a watcher: the wheel is somebody else's by now.
    if (window.viewer.drive && !detail.driving && window.viewer.frame()) stop();
  });
})();
