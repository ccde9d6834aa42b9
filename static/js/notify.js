/* A desktop notification at the end of a run, for those who asked for it, while they look elsewhere. One for each run,
 * however many tabs are open: each tab waits a moment, and the first to write the run's name down tells of it. A tab that is
 * looked at writes it down at once and tells nothing.
 */
(() => {
  'use strict';
  const CHOICE = 'notify';
  const TOLD = 'notify.told';
  const REMEMBERED = 100;
  const known = new Set();
  let first = true;

  const read = (key) => {
    try {
      return localStorage.getItem(key) ?? '';
    } catch {
      return ''; // storage may be forbidden
    }
  };

  const write = (key, value) => {
    try {
      localStorage.setItem(key, value);
    } catch {
      // the choice is not kept
    }
  };

  const wanted = () => 'Notification' in window && Notification.permission === 'granted' && read(CHOICE) === 'on';

  /** True for the one tab that may tell. Locks are shared by the tabs of a browser. */
  const claim = (uuid) => navigator.locks.request(TOLD, () => {
    const told = read(TOLD).split(' ');
    if (told.includes(uuid)) return false;
    write(TOLD, [...told, uuid].slice(-REMEMBERED).join(' '));
    return true;
  });

  const tell = async ({ uuid, kind, name, said, url, bad }) => {
    const hidden = document.visibilityState === 'hidden';
    if (hidden) await new Promise((done) => { setTimeout(done, 300); });
    if (!(await claim(uuid)) || !hidden) return;
    const note = new Notification(`${kind === 'agent' ? 'Agent' : 'Session'}: ${said}`, { body: name, tag: uuid, requireInteraction: bad });
    note.addEventListener('click', () => {
      window.focus();
      location.assign(url);
      note.close();
    });
  };

  const ended = (runs) => {
    const fresh = runs.filter((run) => !known.has(run.uuid));
    fresh.forEach((run) => known.add(run.uuid));
    // What had ended before the page was opened is no news.
    if (!first && wanted()) fresh.filter((run) => run.mine).forEach(tell);
    first = false;
  };

  document.addEventListener('live:pulse', ({ detail }) => ended(detail.ended));

  // The page of one run: whoever has it open waits for this one.
  const OVER = ['closed', 'error', 'timed_out', 'rejected', 'not_started'];
  const PAGE = /^\/(session|agent)s\/([0-9a-f-]{36})\/$/;
  let wasOver = true;

  const look = () => {
    const status = document.getElementById('status');
    const [, kind, uuid] = location.pathname.match(PAGE) ?? [];
    if (!status || !uuid) return;
    const over = OVER.includes(status.dataset.state);
    if (over && !wasOver && wanted()) {
      const name = document.getElementById('heading')?.textContent.trim() ?? '';
      tell({ uuid, kind, name, said: status.textContent.trim(), url: location.pathname, bad: status.dataset.tone === 'bad' });
    }
    wasOver = over;
  };

  document.addEventListener('live:changed', look);

  // --- The choice ------------------------------------------------------------------------------------------------------
  const button = () => document.querySelector('[data-notify]');

  const show = () => {
    if (!button() || !('Notification' in window) || !navigator.locks) return;
    const refused = Notification.permission === 'denied';
    button().hidden = false;
    button().disabled = refused;
    button().setAttribute('aria-pressed', String(wanted()));
    button().querySelector('[data-notify-label]').textContent = refused
      ? 'Notifications are blocked in this browser'
      : wanted() ? 'Telling you when your runs end' : 'Tell me when my runs end';
  };

  document.addEventListener('click', async (event) => {
    if (!event.target.closest('[data-notify]')) return;
    if (wanted()) {
      write(CHOICE, 'off');
    } else if ((await Notification.requestPermission()) === 'granted') {
      write(CHOICE, 'on');
    }
    show();
  });

  addEventListener('storage', show);
  addEventListener('DOMContentLoaded', () => {
    look();
    show();
  });
})();
